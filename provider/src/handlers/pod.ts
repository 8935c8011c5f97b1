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
import { endTwins, findOwnPod, findTwins, isAlive } from "./adopt";
import { podBill, storedPodBill } from "./bill";
import type { Context } from "./context";
import { upperCaseDataCenters } from "./data-centers";
import { correctedInputs } from "./drift";
import { confirm, deleteForSure } from "./gone";
import type { Handler } from "./handler";
import { bornAt } from "./lifetime";
import { storedInputs } from "./live";
import { place } from "./place";
import { candidatesOf, createBody, observedPod, templateMaySet } from "./pod-body";
import { nextRevision, podChanges, podWarnings } from "./pod-changes";
import { podOutputs } from "./pod-outputs";
import { settle, syncPod, unlock } from "./pod-sync";
import { REFRESH_AGE_MS } from "./snapshot";
import { automaticName, withToken } from "./token";

/** RunPod refuses larger bodies, and requests that grow beyond this with their template. */
const MAX_BODY_BYTES = 102_400;

const UNLOCK =
  "Unlock it in RunPod's console, or set locked: false and run `pulumi up`; then delete it again.";

/** Where the state keeps the ids of other pods that carry a pod's token, until they are ended. */
const TWINS = "__twins";

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
    const twins = twinsOf(old).length > 0 ? [TWINS] : [];
    return {
      changed: [...changes.map(({ field }) => field), ...twins],
      replaces,
      deleteBeforeReplace: true,
      warnings: podWarnings(old, inputs, changes, replaces),
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
    const { [TWINS]: _, ...inputs } = storedInputs(podFields, outputs);
    const twins = await findTwins(context, id, inputs);
    const corrected = correctedInputs(
      podFields,
      inputs,
      observedPod(pod, inputs, bornAt(context, pod, inputs, outputs)),
    );
    const withRevision = { ...corrected, revision: outputs["revision"] };
    const withTwins = twins.length > 0 ? { ...withRevision, [TWINS]: twins } : withRevision;
    return { inputs: withTwins, outputs: podOutputs(context, pod, withTwins, outputs) };
  },

  async update(context, id, stored, inputs) {
    const { [TWINS]: _, ...old } = stored;
    const twins = twinsOf(stored);
    await endTwins(context, id, twins);
    const changes = podChanges(old, inputs);
    const isPlacementOnly = changes.every(({ change }) => change === "placement");
    const isAsked = changes.length > 0 || twins.length > 0;
    if (isAsked && isPlacementOnly) return { ...old, ...inputs };
    const pod = await getPod(context, id, inputs);
    // No change at all: the engine asks to finish what an earlier update could not.
    const changed = changes.length > 0 ? changes.map(({ field }) => field) : Object.keys(podFields);
    const synced = await syncPod(context, pod, inputs, changed, old);
    return podOutputs(context, synced, inputs, old);
  },

  async delete(context, id, outputs) {
    context.deleting.add(id);
    await endTwins(context, id, twinsOf(outputs));
    const what = `pod '${outputs["name"]}' (${id})`;
    await deleteForSure(context, what, outputs, {
      remove: async () => {
        if (outputs["locked"] === true) await unlock(context, id);
        await context.api.pods.delete(id);
      },
      get: () => context.api.pods.get(id),
      isGone: (pod) => !isAlive(pod),
      bill: (pod) => (pod === undefined ? storedPodBill(outputs) : podBill(pod)),
      remedy: ({ detail }) => (/\block/i.test(detail ?? "") ? UNLOCK : undefined),
    });
    context.pods.remove(id);
  },
};

function twinsOf(stored: Values): string[] {
  return Array.isArray(stored[TWINS]) ? stored[TWINS] : [];
}

function podDefaults(inputs: Values): Values {
  const hasMount = inputs["volumeInGb"] !== undefined || inputs["networkVolumeId"] !== undefined;
  return {
    name: automaticName(inputs),
    gpuCount: inputs["gpuTypeIds"] === undefined ? undefined : 1,
    vcpuCount: inputs["cpuFlavorIds"] === undefined ? undefined : 2,
    // A default must never win over what a template given by its id alone says.
    containerDiskInGb: templateMaySet(inputs) ? undefined : 50,
    volumeMountPath: hasMount ? "/workspace" : undefined,
  };
}

function bodyProblems({ inputs, problems }: Checked): Checked["problems"] {
  if (problems.length > 0 || hasUnknown(inputs)) return [];
  const [candidate] = candidatesOf(inputs);
  if (candidate === undefined) return [];
  const bytes = Buffer.byteLength(JSON.stringify(createBody(inputs, candidate, 0)));
  if (bytes <= MAX_BODY_BYTES) return [];
  const message = `makes a request of ${bytes} bytes, and RunPod takes ${MAX_BODY_BYTES}. Move large values into the image or a volume`;
  return [problem("env", undefined, message)];
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
