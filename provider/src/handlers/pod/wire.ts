import type { CreatePodRequest, Pod, UpdatePodRequest } from "../../api";
import {
  fromWire,
  hasLifetime,
  type Inputs,
  LIFETIMES,
  type PodInputs,
  podFields,
  type Reported,
  type Stored,
  toWire,
} from "../../schema";
import { reportedCommand } from "../lifecycle/command";
import { keptEnv, observedEnv, tokenEntry } from "../lifecycle/environment";
import {
  type Command,
  commandBody,
  deadlineEntries,
  observedLifetimes,
  withoutTimer,
} from "./lifetime";

/** One way to place a pod: a GPU type, or a CPU flavor. */
export type Candidate = { readonly gpu: string } | { readonly cpu: string };

/** The candidates of a pod, in the user's order. */
export function candidatesOf(inputs: Inputs<PodInputs>): Candidate[] {
  const { gpuTypeIds: gpus = [], cpuFlavorIds: cpus = [] } = inputs;
  return [...gpus.map((gpu) => ({ gpu })), ...cpus.map((cpu) => ({ cpu }))];
}

/** RunPod's name for a candidate. */
export function candidateName(candidate: Candidate): string {
  return "gpu" in candidate ? candidate.gpu : candidate.cpu;
}

/** The body that creates the pod on one candidate. @param now milliseconds since 1970 */
export function createBody(
  inputs: Inputs<PodInputs>,
  candidate: Candidate,
  now: number,
): CreatePodRequest {
  const body = toWire(podFields, inputs);
  const own = { ...tokenEntry(inputs), ...deadlineEntries(inputs, now) };
  const mounts = mountsBody(inputs);
  return {
    ...body,
    ...("gpu" in candidate
      ? { gpu: { ...body.gpu, id: candidate.gpu } }
      : { cpu: { ...body.cpu, id: candidate.cpu } }),
    ...(Object.keys(own).length > 0 && { env: { ...body.env, ...own } }),
    ...(hasLifetime(inputs) && commandBody(inputs)),
    ...(mounts !== undefined && { mounts }),
  } as CreatePodRequest;
}

/** The body that applies changed fields to a pod; undefined if there is nothing to send. */
export function updateBody(
  inputs: Inputs<PodInputs>,
  changed: readonly (keyof PodInputs)[],
  found: Pod,
  bornAt: number,
  old: Stored<PodInputs> = {},
): UpdatePodRequest | undefined {
  const body: UpdatePodRequest = toWire(podFields, inputs, changed);
  const touchesLifetime = changed.some((field) => field in LIFETIMES);
  const restarts = changed.some((field) => podFields[field].change === "restart");
  // The timer and its entries must be of one release, so whatever makes a new container renews
  // both.
  const renewsTimer = touchesLifetime || (restarts && hasLifetime(inputs));
  if (changed.includes("env") || touchesLifetime || (renewsTimer && found.env != null)) {
    // A change elsewhere may have dropped the token.
    const own = { ...tokenEntry(inputs), ...deadlineEntries(inputs, bornAt) };
    body.env = { ...keptEnv(found.env, inputs, old), ...inputs["env"], ...own };
  }
  if (renewsTimer) {
    Object.assign(body, commandBody(inputs));
  }
  if (changed.some((field) => field === "volumeInGb" || field === "volumeMountPath")) {
    const mounts = mountsBody({ volumeInGb: found.mounts?.persistent?.size, ...inputs });
    if (mounts !== undefined) {
      body.mounts = mounts;
    }
  }
  return Object.keys(body).length > 0 ? body : undefined;
}

/** Whether a pod should run, by the status that RunPod reports; undefined for an unknown status. */
const DESIRED_STATUS: Readonly<Record<string, "RUNNING" | "EXITED">> = {
  PROVISIONING: "RUNNING",
  STARTING: "RUNNING",
  RUNNING: "RUNNING",
  EXITED: "EXITED",
  ERROR: "EXITED",
};

/** Whether a pod was started while others had rented its GPUs: it runs, and is billed, without any. */
export function lacksGpus(pod: Pod): boolean {
  return pod.gpu?.count === 0 && DESIRED_STATUS[pod.status] === "RUNNING";
}

/**
 * A pod's inputs as RunPod reports them: only what it reports explicitly, and null for a time limit
 * that it reports as gone. A mount, an image or a registry cannot disappear from a pod.
 */
export function observedPod(
  pod: Pod,
  inputs: Stored<PodInputs>,
  bornAt: number,
  old: Stored<PodInputs> = {},
): Reported<PodInputs> {
  const reported = fromWire(podFields, pod, {
    ...observedMounts(pod, inputs),
    ...observedCommand(pod, inputs),
    env: pod.env && observedEnv(pod.env, inputs, old),
    locked: pod.locked,
    desiredStatus: DESIRED_STATUS[pod.status],
  });
  return { ...reported, ...observedLifetimes(pod, inputs, bornAt) };
}

function observedMounts({ mounts }: Pod, inputs: Stored<PodInputs>): Reported<PodInputs> {
  const { network = [], persistent } = mounts ?? {};
  const mounted =
    network.find(({ volumeId }) => volumeId === inputs["networkVolumeId"]) ?? network[0];
  return {
    volumeInGb: persistent?.size,
    volumeMountPath: persistent?.path ?? mounted?.path,
    networkVolumeId: mounted?.volumeId,
  };
}

function mountsBody(inputs: Stored<PodInputs>): CreatePodRequest["mounts"] {
  // `check` gives every mount a path.
  const path = inputs["volumeMountPath"] as string;
  const { networkVolumeId: volumeId, volumeInGb: size } = inputs;
  if (volumeId !== undefined) {
    return { network: [{ volumeId, path }] };
  }
  return size === undefined ? undefined : { persistent: { size, path } };
}

/** The user's command. With a timer before it, it is known only if RunPod reports the whole command. */
function observedCommand(pod: Pod, inputs: Stored<PodInputs>): Command {
  const { entrypoint, cmd } = reportedCommand(pod);
  if (hasLifetime(inputs) && (entrypoint === undefined || cmd === undefined)) {
    return { dockerEntrypoint: undefined, dockerStartCmd: undefined };
  }
  return withoutTimer({ dockerEntrypoint: entrypoint, dockerStartCmd: cmd }, inputs);
}
