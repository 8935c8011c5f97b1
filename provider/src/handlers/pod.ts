import type { Pod } from "../api";
import { isRunpodError, UserError } from "../core/errors";
import {
  type Checked,
  checkInputs,
  hasUnknown,
  podFields,
  podRules,
  problem,
  type Values,
} from "../schema";
import { findOwnPod, isAlive } from "./adopt";
import type { Context } from "./context";
import { upperCaseDataCenters } from "./data-centers";
import { type InputChange, inputChanges } from "./diff";
import { correctedInputs } from "./drift";
import { confirm, deleteForSure } from "./gone";
import { type Handler, PartialFailure } from "./handler";
import { liveRecord, storedInputs, storedLive } from "./live";
import { place } from "./place";
import { storedPlace, unsatisfied } from "./placement";
import { candidatesOf, createBody, observedPod, updateBody } from "./pod-body";
import { proxyUrl } from "./settings";
import { automaticName, withToken } from "./token";

/** RunPod refuses larger bodies, and requests that grow beyond this with their template. */
const MAX_BODY_BYTES = 102_400;
const REFRESH_AGE_MS = 5_000;

/** Pods: created at once, whether or not the service in them is up; that is for PodEndpoint. */
export const podHandler: Handler = {
  check(old, given) {
    const { values, notes } = upperCaseDataCenters(withToken(given));
    const judged = checkInputs(podFields, podRules, old, values, podDefaults);
    const problems = [...judged.problems, ...bodyProblems(judged)];
    return {
      inputs: { ...judged.inputs, revision: nextRevision(old, judged.inputs) },
      problems,
      notes,
    };
  },

  diff(old, inputs) {
    const changes = podChanges(old, inputs);
    const replaces = changes.filter(({ change }) => change === "replace").map(({ field }) => field);
    return {
      changed: changes.map(({ field }) => field),
      replaces,
      deleteBeforeReplace: true,
      warnings: warnings(inputs, changes, replaces),
    };
  },

  async create(context, inputs) {
    const own = await findOwnPod(context, inputs);
    if (own !== undefined) {
      context.say(
        `pod '${inputs["name"]}': adopting ${own.id}, which an interrupted run of this stack created`,
      );
      const synced = await syncPod(context, own, inputs, Object.keys(podFields));
      return { id: own.id, outputs: podOutputs(context, synced, inputs) };
    }
    const pod = await place(context, inputs);
    return { id: pod.id, outputs: podOutputs(context, await settle(context, pod, inputs), inputs) };
  },

  async read(context, id, outputs) {
    const listed = (await context.pods.list(REFRESH_AGE_MS)).find((pod) => pod.id === id);
    const what = `pod '${outputs["name"]}' (${id})`;
    const pod = listed ?? (await confirm(context, what, outputs, () => context.api.pods.get(id)));
    if (pod === undefined || !isAlive(pod)) return undefined;
    const inputs = storedInputs(podFields, outputs);
    const corrected = correctedInputs(podFields, inputs, observedPod(pod, inputs));
    const withRevision = { ...corrected, revision: outputs["revision"] };
    return { inputs: withRevision, outputs: podOutputs(context, pod, withRevision, outputs) };
  },

  async update(context, id, old, inputs) {
    const changes = podChanges(old, inputs);
    const needsNoCall = ({ change, field }: InputChange) =>
      change === "placement" || field === "templateId";
    if (changes.length > 0 && changes.every(needsNoCall)) return { ...old, ...inputs };
    const pod = await getPod(context, id, inputs);
    // No change at all: the engine asks to finish what an earlier update could not.
    const changed = changes.length > 0 ? changes.map(({ field }) => field) : Object.keys(podFields);
    return podOutputs(context, await syncPod(context, pod, inputs, changed), inputs, old);
  },

  async delete(context, id, outputs) {
    context.deleting.add(id);
    const what = `Pod '${outputs["name"]}' (${id}), ${outputs["costPerHr"]} $/h,`;
    if (outputs["locked"] === true) await unlock(context, id);
    await deleteForSure(context, what, outputs, {
      remove: () => context.api.pods.delete(id),
      get: () => context.api.pods.get(id),
      isGone: (pod) => !isAlive(pod),
    });
    context.pods.remove(id);
  },
};

function podDefaults(inputs: Values): Values {
  const templateMaySet = inputs["templateId"] !== undefined && inputs["__resolved"] !== true;
  const hasMount = inputs["volumeInGb"] !== undefined || inputs["networkVolumeId"] !== undefined;
  return {
    name: automaticName(inputs),
    gpuCount: inputs["gpuTypeIds"] === undefined ? undefined : 1,
    vcpuCount: inputs["cpuFlavorIds"] === undefined ? undefined : 2,
    // A default must never win over what a template given by its id alone says.
    containerDiskInGb: templateMaySet ? undefined : 50,
    volumeMountPath: hasMount ? "/workspace" : undefined,
  };
}

/** The differences between stored outputs and new inputs, placement judged by where the pod runs. */
function podChanges(old: Values, inputs: Values): InputChange[] {
  const misplaced = unsatisfied(inputs, storedPlace(old));
  return inputChanges(podFields, old, inputs).map((change) =>
    change.change === "placement" && misplaced.includes(change.field)
      ? { ...change, change: "replace" }
      : change,
  );
}

/** Counts the container's lives: known in previews, so that what waits for a service shows no false change. */
function nextRevision(old: Values, inputs: Values): number {
  const revision = typeof old["revision"] === "number" ? old["revision"] : 0;
  const starts = old["desiredStatus"] === "EXITED" && inputs["desiredStatus"] === "RUNNING";
  const restarts = inputChanges(podFields, old, inputs).some(({ change }) => change === "restart");
  return revision === 0 || starts || restarts ? revision + 1 : revision;
}

function bodyProblems({ inputs, problems }: Checked): Checked["problems"] {
  if (problems.length > 0 || hasUnknown(inputs)) return [];
  const [candidate] = candidatesOf(inputs);
  if (candidate === undefined) return [];
  const bytes = Buffer.byteLength(JSON.stringify(createBody(inputs, candidate)));
  if (bytes <= MAX_BODY_BYTES) return [];
  const message = `makes a request of ${bytes} bytes, and RunPod takes ${MAX_BODY_BYTES}. Move large values into the image or a volume`;
  return [problem("env", undefined, message)];
}

function warnings(
  inputs: Values,
  changes: readonly InputChange[],
  replaces: readonly string[],
): string[] {
  const name = `pod '${inputs["name"]}'`;
  const kept = inputs["networkVolumeId"] === undefined ? "" : " The network volume is kept.";
  if (replaces.length > 0) {
    const lost =
      inputs["volumeInGb"] === undefined
        ? "its container disk"
        : "its container disk and its persistent disk";
    return [
      `${name} will be deleted and created anew because of ${replaces.join(", ")}: ${lost} will be lost.${kept} Its id and URLs change, and its GPU may not be available again.`,
    ];
  }
  const restarts = changes.filter(({ change }) => change === "restart").map(({ field }) => field);
  if (restarts.length === 0) return [];
  const mount = inputs["volumeMountPath"];
  return [
    `${name} will be restarted in place because of ${restarts.join(", ")}: everything outside ${mount ? `its mount ${mount}` : "of mounts (it has none)"} will be wiped.`,
  ];
}

/** Brings a new pod to what only a second request can do. From here on it exists, whatever fails. */
async function settle(context: Context, pod: Pod, inputs: Values): Promise<Pod> {
  const rest = [
    ...(inputs["locked"] === true ? ["locked"] : []),
    ...(inputs["desiredStatus"] === "EXITED" ? ["desiredStatus"] : []),
  ];
  return rest.length === 0 ? pod : syncPod(context, pod, inputs, rest);
}

/** Brings the named inputs to a pod as found. @throws PartialFailure if the pod stays behind them */
async function syncPod(
  context: Context,
  found: Pod,
  inputs: Values,
  fields: readonly string[],
): Promise<Pod> {
  const observed = observedPod(found, inputs);
  const differing = inputChanges(podFields, { ...inputs, ...observed }, inputs)
    .filter(
      ({ field, change }) =>
        fields.includes(field) && (change === "update" || change === "restart"),
    )
    .map(({ field }) => field);
  const unobserved = fields.filter(
    (field) => field === "globalNetworking" && inputs[field] !== undefined,
  );
  let pod = found;
  try {
    const body = updateBody(
      inputs,
      [...differing.filter((field) => field !== "locked"), ...unobserved],
      pod,
    );
    const wantsStatus =
      fields.includes("desiredStatus") && observed["desiredStatus"] !== inputs["desiredStatus"];
    if (pod.locked && (body !== undefined || wantsStatus)) pod = await unlock(context, pod.id);
    if (body !== undefined) pod = await context.api.pods.update(pod.id, body);
    if (wantsStatus) pod = await changeStatus(context, pod, inputs);
    const locked = inputs["locked"] === true;
    if (pod.locked !== locked && (fields.includes("locked") || found.locked)) {
      pod = await context.api.pods.update(pod.id, { locked });
    }
  } catch (error) {
    context.pods.put(pod);
    const billing =
      pod.cost > 0 ? `It is billed at ${pod.cost} $/h; \`pulumi destroy\` removes it.` : "";
    const reason = `Pod '${inputs["name"]}' (${pod.id}) exists and is not yet as asked for: ${(error as Error).message} ${billing}`;
    throw new PartialFailure(pod.id, podOutputs(context, pod, inputs), [reason.trim()]);
  }
  context.pods.put(pod);
  return pod;
}

async function changeStatus(context: Context, pod: Pod, inputs: Values): Promise<Pod> {
  const action = inputs["desiredStatus"] === "RUNNING" ? "start" : "stop";
  try {
    return (await context.api.pods.act(pod.id, action)) ?? (await context.api.pods.get(pod.id));
  } catch (error) {
    if (action === "stop" || !isRunpodError(error)) throw error;
    const lost =
      inputs["networkVolumeId"] === undefined
        ? "every disk of the pod"
        : "its container disk; the network volume is kept";
    throw new UserError(
      `it could not be started (${error.detail ?? error.message}). If its GPU has been given to someone else, \`pulumi up --replace <urn>\` makes a new pod elsewhere and loses ${lost}.`,
    );
  }
}

function unlock(context: Context, id: string): Promise<Pod> {
  return context.api.pods.update(id, { locked: false });
}

async function getPod(context: Context, id: string, inputs: Values): Promise<Pod> {
  try {
    return await context.api.pods.get(id);
  } catch (error) {
    if (!isRunpodError(error, "notFound")) throw error;
    throw new UserError(
      `Pod '${inputs["name"]}' (${id}) is not to be found, so it cannot be updated. Run \`pulumi refresh\`, which tells whether it is gone, and then \`pulumi up\`, which creates it anew.`,
    );
  }
}

function podOutputs(context: Context, pod: Pod, inputs: Values, old: Values = {}): Values {
  const httpPorts = (pod.ports ?? [])
    .filter((port) => port.endsWith("/http"))
    .map((port) => port.slice(0, -5));
  const cudaVersion = pod.cudaVersion ?? storedLive(old)?.cudaVersion;
  return {
    ...inputs,
    gpuTypeId: pod.gpu?.id ?? null,
    dataCenterId: pod.dataCenterId ?? null,
    costPerHr: pod.cost,
    endpointUrls: Object.fromEntries(
      httpPorts.map((port) => [port, proxyUrl(context.settings.proxyUrl, pod.id, port)]),
    ),
    sshCommand: pod.ssh?.proxy?.command ?? null,
    createdAt: pod.createdAt,
    __live: liveRecord(context, old, {
      ...(cudaVersion !== undefined && { cudaVersion }),
      ...(pod.cpu && { cpuFlavorId: pod.cpu.id }),
    }),
  };
}
