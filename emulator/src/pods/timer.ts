import type { Pod } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { deadlineOf } from "./deadline";
import { stopPod, terminatePod } from "./lifecycle";
import { ranIn } from "./pod-runtime";

/** Does what timers inside running containers have requested of RunPod by now. */
export function enforceTimers(world: World): void {
  const { store, clock } = world;
  if (clock.now() < store.nextDeadline) {
    return;
  }
  store.nextDeadline = Number.POSITIVE_INFINITY;
  for (const account of store.accounts) {
    for (const pod of account.pods.peek()) {
      store.nextDeadline = Math.min(store.nextDeadline, enforceTimer(world, account, pod));
    }
  }
}

/** @returns when the pod must be checked again */
function enforceTimer(world: World, account: Account, pod: Pod): number {
  if (!pod.life) {
    return Number.POSITIVE_INFINITY;
  }
  const earliest = deadlineOf(pod, pod.life.startedAt).at;
  const ran = earliest <= world.clock.now() ? ranIn(world, account, pod) : null;
  if (ran === null) {
    return earliest;
  }
  const deadline = deadlineOf(pod, ran.from);
  if (deadline.at > ran.until) {
    return deadline.at;
  }
  // A container that starts after its deadline ends immediately.
  const at = Math.max(deadline.at, ran.from);
  if (deadline.action === "terminate") {
    terminatePod(world, account, pod, at);
  } else {
    stopPod(world, account, pod, at);
  }
  return Number.POSITIVE_INFINITY;
}
