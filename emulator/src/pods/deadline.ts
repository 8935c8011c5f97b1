import type { Pod } from "./pod";

/** By this a timer that runs beside a container's command is known: `sh -c … runpod-stack-timer …`. */
const TIMER_NAME = "runpod-stack-timer";

/** What the timer reads: seconds since 1970. */
const VARIABLES = { terminate: "RUNPOD_STACK_TERMINATE_AFTER", stop: "RUNPOD_STACK_STOP_AFTER" };

/** What the timer inside a pod's container will ask RunPod for. */
export interface Deadline {
  /** Virtual milliseconds; infinite without a timer. */
  at: number;
  action: keyof typeof VARIABLES;
}

export function deadlineOf(pod: Pod): Deadline {
  const terminateAt = dueAt(pod, VARIABLES.terminate);
  const stopAt = dueAt(pod, VARIABLES.stop);
  return terminateAt <= stopAt
    ? { at: terminateAt, action: "terminate" }
    : { at: stopAt, action: "stop" };
}

function dueAt({ command, env }: Pod, name: string): number {
  const hasTimer = command.entrypoint?.[3] === TIMER_NAME;
  const seconds = Number(env[name]);
  return !hasTimer || env[name] === undefined || Number.isNaN(seconds)
    ? Number.POSITIVE_INFINITY
    : seconds * 1000;
}
