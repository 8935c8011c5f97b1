import { safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { isRunpodError, sentence, UserError } from "../../core/errors";
import {
  type Inputs,
  type PodInputs,
  type PodProperties,
  podFields,
  type Reported,
  type Stored,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { isDefault, isNotByProgram, sameValue } from "../lifecycle/diff";
import { templateMaySet } from "../lifecycle/environment";
import { PartialFailure } from "../lifecycle/handler";
import { unlock } from "../lifecycle/pods";
import { bornAt, stopsByOldEntry } from "./lifetime";
import { podOutputs } from "./outputs";
import { lacksGpus, observedPod, updateBody } from "./wire";

/**
 * Applies the inputs of a new pod that need a second request. From here on the pod exists, whatever
 * fails.
 */
export async function settle(
  context: Context,
  pod: Pod,
  inputs: Inputs<PodProperties>,
): Promise<Pod> {
  const rest: (keyof PodInputs)[] = [
    ...(inputs["locked"] === true ? (["locked"] as const) : []),
    ...(inputs["desiredStatus"] === "EXITED" ? (["desiredStatus"] as const) : []),
  ];
  return rest.length === 0 ? pod : syncPod(context, pod, inputs, rest);
}

/**
 * Applies some of the inputs to a pod. An input that RunPod does not report is sent only if it
 * differs from the stored value.
 * @param old the stored properties of the pod; undefined for one that is not in the state yet
 * @throws PartialFailure if the pod does not match the inputs afterwards
 */
export async function syncPod(
  context: Context,
  found: Pod,
  inputs: Inputs<PodProperties>,
  fields: readonly (keyof PodInputs)[],
  old?: Stored<PodProperties>,
): Promise<Pod> {
  const stored = old ?? {};
  const birth = bornAt(context, found, inputs, stored);
  const reported = observedPod(found, inputs, birth, stored);
  const sent = fields.filter((field) => isSent(field, inputs, reported, old));
  const wantsStatus = sent.includes("desiredStatus");
  const isStart = wantsStatus && inputs["desiredStatus"] === "RUNNING";
  // A start makes a new container: with the entry of an older release it would stop immediately.
  const renewed = isStart && stopsByOldEntry(found, inputs) ? (["stopAfter"] as const) : [];
  const body = updateBody(inputs, [...sent, ...renewed], found, birth, stored);
  const wantsLock = inputs["locked"] === true;
  const disruptive = sent.filter(interrupts);
  let behind: readonly (keyof PodInputs)[] = sent;
  let pod = found;
  let wasUnlocked = false;
  try {
    const isLocked = found.locked ?? stored["locked"] === true;
    // A pod that is not in the state yet was locked by the run that created it.
    const isOurs = wantsLock || sent.includes("locked") || old === undefined;
    if (isLocked && !isOurs && disruptive.length > 0) {
      throw lockedElsewhere(disruptive);
    }
    if (isLocked && isOurs && (body !== undefined || wantsStatus)) {
      pod = await unlock(context, pod.id);
      wasUnlocked = true;
    }
    if (body !== undefined) {
      pod = await context.api.pods.update(pod.id, body);
    }
    behind = behind.filter((field) => field === "locked" || field === "desiredStatus");
    if (wantsStatus) {
      pod = await changeStatus(context, pod, inputs);
      assertHasGpus(pod, inputs);
    }
    behind = behind.filter((field) => field === "locked");
    if (pod.locked !== wantsLock && (sent.includes("locked") || wasUnlocked)) {
      pod = await context.api.pods.update(pod.id, { locked: wantsLock });
    }
  } catch (error) {
    if (wasUnlocked && wantsLock && !pod.locked) {
      pod = await lockAgain(context, pod);
    }
    context.pods.put(pod);
    const billing =
      pod.cost > 0 ? ` It is billed at ${pod.cost} $/h. Run \`pulumi destroy\` to delete it.` : "";
    const reason = safe`Pod '${inputs["name"]}' (${pod.id}) exists but is not fully configured: ${sentence((error as Error).message)}${billing}`;
    const reached = withoutBehind(inputs, behind, reported, stored);
    throw new PartialFailure(pod.id, podOutputs(context, pod, reached, stored), [reason]);
  }
  context.pods.put(pod);
  return pod;
}

/** Whether an input has to be sent to RunPod, as far as the pod is known. */
function isSent(
  field: keyof PodInputs,
  inputs: Inputs<PodProperties>,
  reported: Reported<PodInputs>,
  old: Stored<PodProperties> | undefined,
): boolean {
  const row = podFields[field];
  if (row.change !== "update" && row.change !== "restart" && row.change !== "action") {
    return false;
  }
  const isUnasked = old !== undefined && isNotByProgram(old, field) && isDefault(inputs, field);
  if (isUnasked && row.change === "restart") {
    return false;
  }
  const isByProgram =
    inputs[field] !== undefined || (old !== undefined && !isNotByProgram(old, field));
  if (reported[field] !== undefined) {
    const isKnown =
      isByProgram || (old === undefined && field !== "locked" && !templateMaySet(inputs));
    return isKnown && !sameValue(row, reported[field], inputs[field]);
  }
  if (old === undefined) {
    return row.observed === undefined && isByProgram;
  }
  return !sameValue(row, old[field], inputs[field]);
}

/**
 * The inputs that took effect. The others are stored with the pod's values, so that the next diff
 * finds them.
 */
function withoutBehind(
  inputs: Inputs<PodProperties>,
  behind: readonly (keyof PodInputs)[],
  reported: Reported<PodInputs>,
  old: Stored<PodProperties>,
): Stored<PodProperties> {
  const isBehind = new Set<string>(behind);
  const found = behind.map((field) => [field, reported[field] ?? old[field] ?? undefined]);
  return {
    ...inputs,
    ...Object.fromEntries(found),
    __defaults: (inputs["__defaults"] ?? []).filter((field) => !isBehind.has(field)),
  };
}

/** Whether a change to the field ends or starts a life of the container. */
function interrupts(field: keyof PodInputs): boolean {
  const { change } = podFields[field];
  return change === "restart" || change === "action";
}

function lockedElsewhere(fields: readonly string[]): UserError {
  return new UserError(
    safe`it was locked outside this program, and a change of ${fields.join(", ")} restarts, stops or starts it. Nothing was changed. Unlock it in RunPod's console, or set locked: true in the program, which unlocks it for a change and locks it again`,
  );
}

/** Locks a pod that a failed change has left unlocked. */
async function lockAgain(context: Context, pod: Pod): Promise<Pod> {
  try {
    return await context.api.pods.update(pod.id, { locked: true });
  } catch (error) {
    context.say(
      safe`pod '${pod.name}' (${pod.id}) could not be locked again (${(error as Error).message}): the next \`pulumi up\` locks it`,
    );
    return pod;
  }
}

async function changeStatus(
  context: Context,
  pod: Pod,
  inputs: Inputs<PodProperties>,
): Promise<Pod> {
  return inputs["desiredStatus"] === "EXITED"
    ? act(context, pod, "stop")
    : start(context, pod, inputs);
}

async function start(context: Context, pod: Pod, inputs: Inputs<PodProperties>): Promise<Pod> {
  try {
    return await act(context, pod, "start");
  } catch (error) {
    if (!isRunpodError(error)) {
      throw error;
    }
    throw new UserError(
      safe`it could not be started (${error.detail ?? error.message}). If someone else is using its GPU now, run \`pulumi up --replace <urn>\`, which creates a new pod elsewhere and loses ${lostElsewhere(inputs)}.`,
    );
  }
}

async function act(context: Context, pod: Pod, action: "start" | "stop"): Promise<Pod> {
  return (await context.api.pods.act(pod.id, action)) ?? (await context.api.pods.get(pod.id));
}

function assertHasGpus(pod: Pod, inputs: Inputs<PodProperties>): void {
  if (lacksGpus(pod)) {
    throw new UserError(
      safe`it runs without a GPU, because someone else is using its GPU now. To try again, stop it in RunPod's console and run \`pulumi up\`. To continue elsewhere, run \`pulumi up --replace <urn>\`, which creates a new pod and loses ${lostElsewhere(inputs)}.`,
    );
  }
}

/** What a pod that replaces this one does not have. */
function lostElsewhere(inputs: Inputs<PodProperties>): string {
  return inputs["networkVolumeId"] === undefined
    ? "every disk of the pod"
    : "its container disk; the network volume is kept";
}
