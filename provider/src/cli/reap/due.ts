import type { Pod } from "../../api";
import { formatDuration } from "../../core/duration";
import { markOf } from "../../core/mark";
import { STOP_AFTER_ENV, TERMINATE_AFTER_ENV, TOKEN_ENV } from "../../schema";

/** Which pods are looked at, and when their time is up. */
export interface Limits {
  /** Only pods of the stack with this mark. @default those of all stacks */
  readonly mark?: string;
  /** Milliseconds after which any pod's time is up. @default a pod's own limits alone */
  readonly olderThan?: number;
}

/** A pod whose time is up. */
export interface DuePod {
  readonly id: string;
  readonly name: string;
  /** Of the stack that it belongs to. */
  readonly mark: string;
  readonly costPerHr: number;
  readonly createdAt: string;
  /** `leave`: it is locked, so someone wants it to stay. */
  readonly action: "terminate" | "stop" | "leave";
  readonly reason: string;
}

/** The pods of stacks whose time is up, the dearest first. @param now in milliseconds since 1970 */
export function duePods(pods: readonly Pod[], now: number, limits: Limits): DuePod[] {
  return pods
    .flatMap((pod) => due(pod, now, limits))
    .toSorted((one, other) => other.costPerHr - one.costPerHr);
}

function due(pod: Pod, now: number, { mark: wanted, olderThan }: Limits): DuePod[] {
  const mark = markOf(pod.env?.[TOKEN_ENV]);
  if (mark === undefined || pod.status === "TERMINATED") return [];
  if (wanted !== undefined && mark !== wanted) return [];
  const age = now - Date.parse(pod.createdAt);
  const [terminateAfter, stopAfter] = [TERMINATE_AFTER_ENV, STOP_AFTER_ENV].map((name) =>
    deadline(pod, name),
  );
  const found = (action: "terminate" | "stop", reason: string): DuePod[] => [
    {
      id: pod.id,
      name: pod.name,
      mark,
      costPerHr: pod.cost ?? 0,
      createdAt: pod.createdAt,
      action: pod.locked ? "leave" : action,
      reason: pod.locked ? `${reason}, and it is locked` : reason,
    },
  ];
  const past = (time: number) => `its time was up ${formatDuration(now - time)} ago`;
  if (terminateAfter !== undefined && terminateAfter <= now) {
    return found("terminate", past(terminateAfter));
  }
  if (olderThan !== undefined && age > olderThan) {
    return found("terminate", `${formatDuration(age)} old`);
  }
  const isStopped = pod.status === "EXITED" || pod.status === "ERROR";
  if (stopAfter !== undefined && stopAfter <= now && !isStopped) {
    return found("stop", past(stopAfter));
  }
  return [];
}

/** Milliseconds since 1970; undefined without a time that can be read. */
function deadline(pod: Pod, name: string): number | undefined {
  const text = pod.env?.[name] ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : undefined;
}
