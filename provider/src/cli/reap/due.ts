import type { Pod } from "../../api";
import { formatDuration } from "../../core/duration";
import { markOf } from "../../core/mark";
import { isAlive } from "../../handlers/lifecycle/pods";
import { tokenOf } from "../../handlers/lifecycle/tokened";
import { EARLIEST_TIME, STOP_AFTER_ENV, TERMINATE_AFTER_ENV } from "../../schema";

/** Which pods to check, and their time limits. */
export interface Limits {
  /** Only pods of the stack with this mark. @default pods of all stacks */
  readonly mark?: string;
  /** The time limit of every pod, in milliseconds. @default only a pod's own limits */
  readonly olderThan?: number;
}

/** A pod past its time limit. */
export interface DuePod {
  readonly id: string;
  readonly name: string;
  /** The mark of the stack that it belongs to. */
  readonly mark: string;
  readonly costPerHr: number;
  readonly createdAt: string;
  /** `leave`: it is locked, so someone wants it to stay, or RunPod does not report when it started. */
  readonly action: "terminate" | "stop" | "leave";
  readonly reason: string;
}

/**
 * The stacks' pods that are past their time limit, the most expensive first. @param now in
 * milliseconds of RunPod's clock
 */
export function duePods(pods: readonly Pod[], now: number, limits: Limits): DuePod[] {
  return pods
    .flatMap((pod) => due(pod, now, limits))
    .toSorted((one, other) => other.costPerHr - one.costPerHr);
}

function due(pod: Pod, now: number, { mark: wanted, olderThan }: Limits): DuePod[] {
  const mark = markOf(tokenOf(pod));
  if (mark === undefined || !isAlive(pod)) {
    return [];
  }
  if (wanted !== undefined && mark !== wanted) {
    return [];
  }
  const age = now - Date.parse(pod.createdAt);
  const [terminateEntry, stopEntry] = [entry(pod, TERMINATE_AFTER_ENV), entry(pod, STOP_AFTER_ENV)];
  const found = (action: DuePod["action"], reason: string): DuePod[] => [
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
  const past = (time: number) => `its time limit passed ${formatDuration(now - time)} ago`;
  if (terminateEntry !== undefined && terminateEntry * 1_000 <= now) {
    return found("terminate", past(terminateEntry * 1_000));
  }
  if (olderThan !== undefined && age > olderThan) {
    return found("terminate", `${formatDuration(age)} old`);
  }
  const isStopped = pod.status === "EXITED" || pod.status === "ERROR";
  if (stopEntry === undefined || isStopped) {
    return [];
  }
  if (stopEntry >= EARLIEST_TIME) {
    return stopEntry * 1_000 <= now ? found("stop", past(stopEntry * 1_000)) : [];
  }
  const limit = stopEntry * 1_000;
  const startedAt = Date.parse(pod.startedAt ?? "");
  if (!Number.isNaN(startedAt)) {
    return startedAt + limit <= now ? found("stop", past(startedAt + limit)) : [];
  }
  return age >= limit
    ? found(
        "leave",
        `it stops ${formatDuration(limit)} after a start, but RunPod does not report one`,
      )
    : [];
}

/** Seconds; undefined if the entry is missing or cannot be read. */
function entry(pod: Pod, name: string): number | undefined {
  const text = pod.env?.[name] ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
