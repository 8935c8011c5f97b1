import { multiline, type Safe, safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { parseDuration } from "../../core/duration";
import { messageFrom } from "../../core/errors";
import { proxyUrl } from "../../core/settings";
import {
  checkInputs,
  type Inputs,
  type PodEndpointInputs,
  type PodEndpointOutputs,
  type PodEndpointProperties,
  podEndpointFields,
  podEndpointRules,
  type Stored,
} from "../../schema";
import { diskBill, podBill } from "../lifecycle/bill";
import type { Context } from "../lifecycle/context";
import { changedFields, storedChanges } from "../lifecycle/diff";
import { type Handler, PartialFailure } from "../lifecycle/handler";
import { refreshed } from "../lifecycle/look-up";
import { isAlive } from "../lifecycle/pods";
import { asFound, isImported, liveRecord, storedInputs } from "../lifecycle/record";
import { waitProblems } from "../lifecycle/wait-durations";
import { NotServing, type Serving, type Wait } from "./serving";
import { waitUntilServing } from "./wait";

/** A service on a pod's port. It is not an object at RunPod: creating it means waiting for the service. */
export const podEndpointHandler: Handler<PodEndpointProperties> = {
  check(old, given) {
    const judged = checkInputs(podEndpointFields, podEndpointRules, old, given);
    return { ...judged, problems: [...judged.problems, ...waitProblems(judged)] };
  },

  diff(old, inputs) {
    return changedFields(storedChanges(podEndpointFields, old, inputs));
  },

  async create(context, inputs) {
    const id = `${inputs["podId"]}-${inputs["port"]}`;
    return { id, outputs: await awaitService(context, id, inputs) };
  },

  async read(context, _, stored) {
    const podId = String(stored["podId"]);
    const { pods, api } = context;
    const pod = await refreshed(context, `pod ${podId}`, stored, podId, pods, api.pods);
    if (pod === undefined || !isAlive(pod)) {
      return undefined;
    }
    const inputs = storedInputs(podEndpointFields, stored);
    if (!isImported(stored)) {
      // Every restart maps the port again.
      const isMapped = stored["sshPort"] !== undefined && pod.ssh?.direct;
      return { inputs, outputs: isMapped ? { ...stored, ...sshAddress(pod) } : stored };
    }
    // Stored values are always known.
    const known = podEndpointHandler.check({}, inputs).inputs as Inputs<PodEndpointInputs>;
    const found = { ...describe(context, known, pod), ...stored, ...known };
    return {
      inputs: known,
      outputs: asFound({ ...found, __live: liveRecord(context, stored) }, stored),
    };
  },

  async update(context, id, old, inputs) {
    const changes = storedChanges(podEndpointFields, old, inputs);
    const isSettingOnly = changes.length > 0 && changes.every(({ change }) => change === "local");
    // A service that was never seen serving is waited for again, with the new timeout.
    const isServing = typeof old["readyAt"] === "string";
    return isSettingOnly && isServing
      ? { ...old, ...inputs }
      : awaitService(context, id, inputs, old);
  },

  // RunPod has no object to delete: the pod is a separate resource.
  async delete() {},
};

/** The outputs of an endpoint before the service has answered. */
function describe(
  context: Context,
  inputs: Inputs<PodEndpointInputs>,
  pod: Pod | undefined,
): PodEndpointOutputs {
  const { url } = waitOf(context, inputs);
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    models: [],
    readyAt: null,
    dataCenterId: pod?.dataCenterId ?? null,
    costPerHr: pod?.cost ?? null,
    sshCommand: pod?.ssh?.proxy?.command ?? null,
    ...sshAddress(pod),
  };
}

function sshAddress(pod: Pod | undefined): Pick<PodEndpointOutputs, "sshHost" | "sshPort"> {
  const { host, port } = pod?.ssh?.direct ?? {};
  return { sshHost: host ?? null, sshPort: port ?? null };
}

/** Pulumi prints outputs unchanged, so a model's name must not control a terminal or be a command of a CI system. */
const NAME =
  /^(?!\s*::|.*(?:##|<\{%))[^\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]{1,512}$/u;

/** Waits, and stores what is known even if the wait fails, so that the next update can continue. */
async function awaitService(
  context: Context,
  id: string,
  inputs: Inputs<PodEndpointInputs>,
  old: Stored<PodEndpointProperties> = {},
): Promise<Stored<PodEndpointProperties>> {
  const wait = waitOf(context, inputs);
  const isParked = inputs["__desiredStatus"] === "EXITED";
  const outputs = (serving?: Serving): Stored<PodEndpointProperties> => ({
    ...inputs,
    ...describe(context, inputs, serving?.pod),
    models: (serving?.models ?? []).filter((model) => NAME.test(model)),
    readyAt: serving ? new Date(context.clock.now()).toISOString() : null,
    __live: liveRecord(context, old),
  });
  if (isParked) {
    context.progress(wait.row, safe`not waiting: the program wants the pod stopped`, true);
    return outputs();
  }
  try {
    return outputs(await waitUntilServing(context, wait));
  } catch (error) {
    if (!(error instanceof NotServing)) {
      throw new PartialFailure(id, outputs(), [messageFrom(error)]);
    }
    const bill = error.pod === undefined ? [] : [await billText(context, error.pod, inputs)];
    throw new PartialFailure(id, outputs(), [multiline(error.message, bill)]);
  }
}

function waitOf(context: Context, inputs: Inputs<PodEndpointInputs>): Wait {
  const { podId, port } = inputs;
  return {
    row: {
      urn: inputs["__urn"],
      label: `endpoint '${inputs["__logicalName"] ?? podId}'`,
    },
    podId,
    port,
    url: proxyUrl(context.settings.proxyUrl, podId, port),
    apiKey: inputs["apiKey"],
    expected: {
      path: String(inputs["path"]),
      status: Number(inputs["expectStatus"]),
      model: inputs["expectModel"],
      body: inputs["expectBody"],
    },
    consecutive: Number(inputs["consecutive"]),
    interval: parseDuration(inputs["interval"]) ?? 0,
    timeout: parseDuration(inputs["timeout"]) ?? 0,
  };
}

/** What the pod costs from now on. Stops the pod first if the program wants that. */
async function billText(
  context: Context,
  pod: Pod,
  inputs: Inputs<PodEndpointInputs>,
): Promise<Safe> {
  if (inputs["onFailure"] === "stop" && pod.status !== "EXITED") {
    try {
      await context.api.pods.act(pod.id, "stop");
      const bill = diskBill(pod.mounts?.persistent?.size);
      return safe`Pod ${pod.id} was stopped (onFailure): ${bill}. Run \`pulumi destroy\` to delete it.`;
    } catch (error) {
      return safe`Pod ${pod.id} could not be stopped (${(error as Error).message}) and is ${podBill(pod)}. Run \`pulumi destroy\` to delete it.`;
    }
  }
  return safe`Pod ${pod.id} stays in the state and is ${podBill(pod)}. Correct the program and run \`pulumi up\`, or run \`pulumi destroy\` to delete the pod.`;
}
