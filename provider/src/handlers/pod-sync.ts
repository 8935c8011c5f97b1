import type { Pod } from "../api";
import { isRunpodError, UserError } from "../core/errors";
import { podFields, type Values } from "../schema";
import type { Context } from "./context";
import { inputChanges } from "./diff";
import { PartialFailure } from "./handler";
import { bornAt, stopsByOldEntry } from "./lifetime";
import { observedPod, templateMaySet, updateBody } from "./pod-body";
import { podOutputs } from "./pod-outputs";
import { sentence } from "./sentence";

/** Brings a new pod to what only a second request can do. From here on it exists, whatever fails. */
export async function settle(context: Context, pod: Pod, inputs: Values): Promise<Pod> {
  const rest = [
    ...(inputs["locked"] === true ? ["locked"] : []),
    ...(inputs["desiredStatus"] === "EXITED" ? ["desiredStatus"] : []),
  ];
  return rest.length === 0 ? pod : syncPod(context, pod, inputs, rest);
}

/** Brings the named inputs to a pod as found. @throws PartialFailure if the pod stays behind them */
export async function syncPod(
  context: Context,
  found: Pod,
  inputs: Values,
  fields: readonly string[],
  old: Values = {},
): Promise<Pod> {
  const birth = bornAt(context, found, inputs, old);
  const observed = observedPod(found, inputs, birth, old);
  const isNamed = (field: string) => inputs[field] !== undefined || old[field] !== undefined;
  const differing = inputChanges(podFields, { ...inputs, ...observed }, inputs)
    .filter(
      ({ field, change }) =>
        fields.includes(field) && (change === "update" || change === "restart"),
    )
    .map(({ field }) => field)
    .filter((field) => isNamed(field) || !templateMaySet(inputs));
  const unobserved = fields.filter((field) => field === "globalNetworking" && isNamed(field));
  let pod = found;
  try {
    const wantsStatus =
      fields.includes("desiredStatus") && observed["desiredStatus"] !== inputs["desiredStatus"];
    const isStart = wantsStatus && inputs["desiredStatus"] === "RUNNING";
    // A start makes a new container: with the entry of an older release it would stop immediately.
    const renewed = isStart && stopsByOldEntry(pod, inputs) ? ["stopAfter"] : [];
    const body = updateBody(
      inputs,
      [...differing.filter((field) => field !== "locked"), ...unobserved, ...renewed],
      pod,
      birth,
      old,
    );
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
    const reason = `Pod '${inputs["name"]}' (${pod.id}) exists and is not yet as asked for: ${sentence((error as Error).message)} ${billing}`;
    throw new PartialFailure(pod.id, podOutputs(context, pod, inputs, old), [reason.trim()]);
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

/** Lifts the guard against being stopped or reset. */
export function unlock(context: Context, id: string): Promise<Pod> {
  return context.api.pods.update(id, { locked: false });
}
