import type { PodAction } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import { checkCredit } from "../money/balance";
import { diskRate } from "../money/billing";
import { charge, closeEntry } from "../money/ledger";
import type { Pod } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { bootOf } from "./boot";
import { deadlineOf } from "./deadline";
import { keepLateLogs } from "./late-logs";
import { releaseGpus, takeGpus } from "./placement";
import {
  containerMounts,
  endContainer,
  logLines,
  nextLogSeq,
  type PodStatus,
  statusOf,
} from "./pod-runtime";
import { checkSpendLimit } from "./spend-limit";

/** The actions that a status allows, as in a pod's `actions`. */
export const LEGAL_ACTIONS: Record<PodStatus, PodAction[]> = {
  PROVISIONING: ["stop", "terminate"],
  STARTING: ["stop", "terminate"],
  RUNNING: ["stop", "restart", "terminate"],
  EXITED: ["start", "terminate"],
  ERROR: ["start", "terminate"],
};

/** Time that RunPod needs to prepare a machine (virtual milliseconds). */
const ALLOCATION_MS = 2000;

/** @throws 409 for an action that the pod's status does not allow, 400 for a locked pod. */
export function checkAction(world: World, account: Account, pod: Pod, action: PodAction): void {
  const status = statusOf(world, account, pod);
  if (!LEGAL_ACTIONS[status].includes(action)) {
    throw new ApiError(409, `action "${action}" is not valid for a pod with status ${status}`);
  }
  if (action !== "start") {
    checkUnlocked(pod, action);
  }
}

export function checkUnlocked(pod: Pod, verb: string): void {
  if (pod.locked) {
    throw new ApiError(400, `pod is locked: unlock it before you ${verb} it`);
  }
}

/** Boots a pod that has its GPUs; `allocate` adds the wait for a machine. */
export function beginLife(world: World, account: Account, pod: Pod, allocate: boolean): void {
  const now = world.clock.now();
  const wait = allocate && world.options.speed !== "instant" ? ALLOCATION_MS : 0;
  pod.lives += 1;
  pod.life = {
    startedAt: now + wait,
    firstSeq: nextLogSeq(pod),
    imageCached: pod.pulledImage === pod.image,
    ...bootOf(world, account, pod),
    globalNetwork: pod.globalNetworking,
    runtime: null,
    ahead: 0,
  };
  const { at } = deadlineOf(pod, pod.life.startedAt);
  world.store.nextDeadline = Math.min(world.store.nextDeadline, at);
  chargePod(account, pod, now);
}

/**
 * @throws 400 if the GPUs on the pod's machine are taken or gone, or the spend limit is reached, 402
 * if the balance does not cover an hour
 */
export function startPod(world: World, account: Account, pod: Pod): void {
  checkCredit(account, runningRate(pod), world.clock.now());
  if (pod.life) {
    endContainer(world, account, pod);
  } else {
    checkSpendLimit(world, account, pod.price);
    takeGpus(world, pod);
  }
  beginLife(world, account, pod, true);
}

/** Gives the GPUs back; the machine and the volume disk stay. */
export function stopPod(world: World, account: Account, pod: Pod, at = world.clock.now()): void {
  if (!pod.life) {
    return;
  }
  endContainer(world, account, pod);
  releaseGpus(world, pod);
  chargePod(account, pod, at);
}

/** The machine fails: the pod stops, its volume disk is lost, and it never finds its GPUs again. */
export function breakMachine(world: World, account: Account, pod: Pod): void {
  pod.machine.lost = true;
  stopPod(world, account, pod);
  pod.storage?.files.clear();
}

/**
 * Others rent the pod's GPUs: the pod stops, and starts again with none, as described at
 * https://docs.runpod.io/pods/troubleshooting/zero-gpus
 * @throws 400 for a CPU pod
 */
export function takeGpusAway(world: World, account: Account, pod: Pod): void {
  if (pod.compute.kind === "cpu") {
    throw new ApiError(400, `pod ${pod.id} has no GPUs. Use a pod that was created with GPUs.`);
  }
  pod.machine.gpusTaken = true;
  stopPod(world, account, pod);
}

/**
 * Leaves the model weights on the pod's volumes without content, as an interrupted copy does. The
 * server fails at its next start.
 * @throws 400 if the volumes have none
 */
export function damageWeights(_world: World, account: Account, pod: Pod): void {
  const weights = containerMounts(account, pod).flatMap(({ storage: { files } }) =>
    [...files.keys()]
      .filter((path) => path.endsWith(".safetensors"))
      .map((path) => ({ files, path })),
  );
  if (weights.length === 0) {
    throw new ApiError(
      400,
      `pod ${pod.id} has no model weights on a volume. Wait until its server has downloaded them to one.`,
    );
  }
  for (const { files, path } of weights) {
    files.set(path, 0);
  }
}

/** A new container on the same machine: everything outside the mounts is gone. */
export function restartContainer(world: World, account: Account, pod: Pod): void {
  endContainer(world, account, pod);
  beginLife(world, account, pod, false);
}

/** The pod and its volume disk are gone; a network volume stays. */
export function terminatePod(
  world: World,
  account: Account,
  pod: Pod,
  at = world.clock.now(),
): void {
  keepLateLogs(world, account, pod.id, logLines(world, account, pod));
  if (pod.life) {
    releaseGpus(world, pod);
  }
  account.pods.remove(pod.id);
  closeEntry(account, pod.entry, at);
}

/** Charges the pod for its current status and disks from `at` on. */
export function chargePod(account: Account, pod: Pod, at: number): void {
  charge(account, pod.entry, pod.life ? runningRate(pod) : disksOf(pod, false), at);
}

function runningRate(pod: Pod): number {
  return pod.price + disksOf(pod, true);
}

function disksOf({ disk, mounts }: Pod, running: boolean): number {
  return diskRate(disk, mounts.persistent?.size ?? 0, running);
}
