import type { World } from "../world";
import { runningSince } from "./container";
import { stopPod, terminatePod } from "./lifecycle";
import type { Pod } from "./pod";

/** By this a timer that runs beside a container's command is known: `sh -c … runpod-stack-timer …`. */
const TIMER_NAME = "runpod-stack-timer";

/** What the timer reads: seconds since 1970. */
const DEADLINES = { terminate: "RUNPOD_STACK_TERMINATE_AFTER", stop: "RUNPOD_STACK_STOP_AFTER" };

/** Does what timers inside running containers have asked RunPod to do by now. */
export function enforceTimers(world: World): void {
  for (const account of world.store.accounts) {
    for (const pod of account.pods.all()) {
      if (!hasTimer(pod) || !pod.life) continue;
      const terminateAt = dueAt(pod, DEADLINES.terminate);
      const stopAt = dueAt(pod, DEADLINES.stop);
      const first = Math.min(terminateAt, stopAt);
      const since = first <= world.clock.now() ? runningSince(world, account, pod) : null;
      if (since === null) continue;
      // A container that starts after the time is up ends at once.
      const at = Math.max(first, since);
      if (terminateAt <= stopAt) terminatePod(world, account, pod, at);
      else stopPod(world, account, pod, at);
    }
  }
}

function hasTimer({ command }: Pod): boolean {
  return command.entrypoint?.[3] === TIMER_NAME;
}

function dueAt(pod: Pod, name: string): number {
  const seconds = Number(pod.env[name]);
  return pod.env[name] === undefined || Number.isNaN(seconds)
    ? Number.POSITIVE_INFINITY
    : seconds * 1000;
}
