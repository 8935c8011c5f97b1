import type { Pod } from "../state/pod";

/** Identifies a timer that runs next to a container's command: `sh -c … runpod-stack-timer …`. */
const TIMER_NAME = "runpod-stack-timer";

/** What the timer reads: seconds since 1970, or a smaller number of seconds after a start of the pod. */
const VARIABLES = { terminate: "RUNPOD_STACK_TERMINATE_AFTER", stop: "RUNPOD_STACK_STOP_AFTER" };
const EARLIEST_TIME = 1_000_000_000;

/** What the timer inside a pod's container will request of RunPod. */
export interface Deadline {
  /** Virtual milliseconds; infinite without a timer. */
  at: number;
  action: keyof typeof VARIABLES;
}

/** @param startedAt when this life's command first ran: its timer keeps that on the container disk. */
export function deadlineOf(pod: Pod, startedAt: number): Deadline {
  const terminateAt = dueAt(pod, VARIABLES.terminate, 0);
  const stopAt = dueAt(pod, VARIABLES.stop, startedAt);
  return terminateAt <= stopAt
    ? { at: terminateAt, action: "terminate" }
    : { at: stopAt, action: "stop" };
}

function dueAt({ command, env }: Pod, name: string, startedAt: number): number {
  const hasTimer = command.entrypoint?.[3] === TIMER_NAME;
  const seconds = Number(env[name]);
  if (!hasTimer || env[name] === undefined || Number.isNaN(seconds)) {
    return Number.POSITIVE_INFINITY;
  }
  return seconds * 1000 + (seconds < EARLIEST_TIME ? startedAt : 0);
}
