import { serverlessPricePerHour } from "@runpod-stack/models";
import type { Endpoint, Pod } from "../../api";
import { formatDuration } from "../../core/duration";
import { markOf } from "../../core/mark";
import { isAlive } from "../../handlers/lifecycle/pods";
import { tokenOf } from "../../handlers/lifecycle/tokened";
import { EARLIEST_TIME, STOP_AFTER_ENV, TERMINATE_AFTER_ENV } from "../../schema";

/** Which objects to check, and their time limits. */
export interface Limits {
  /** Only objects of the stack with this mark. @default those of all stacks */
  readonly mark?: string;
  /** The time limit of everything, in milliseconds. @default only a pod's own limits */
  readonly olderThan?: number;
}

/** An object past its time limit. */
interface Due {
  readonly id: string;
  readonly name: string;
  /** The mark of the stack that it belongs to. */
  readonly mark: string;
  readonly costPerHr: number;
  readonly createdAt: string;
  readonly reason: string;
}

/** A pod past its time limit. */
export interface DuePod extends Due {
  /** `leave`: it is locked, so someone wants it to stay, or RunPod does not report when it started. */
  readonly action: "terminate" | "stop" | "leave";
}

/** An endpoint whose always-on workers are past the time limit. */
export interface DueEndpoint extends Due {
  /** `scale`: set the number of its always-on workers to 0. `leave`: that was not asked for. */
  readonly action: "scale" | "leave";
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

/**
 * The stacks' endpoints that are too old to have workers that are always on. An endpoint without such
 * workers costs nothing while nobody uses it.
 * @param scales whether to end these workers
 */
export function dueEndpoints(
  endpoints: readonly Endpoint[],
  now: number,
  { mark: wanted, olderThan = Number.POSITIVE_INFINITY }: Limits,
  scales: boolean,
): DueEndpoint[] {
  return endpoints.flatMap((endpoint) => {
    const { id, name, createdAt, workers, gpu } = endpoint;
    const [mark, age] = [markOf(tokenOf(endpoint)), now - Date.parse(createdAt)];
    const min = workers?.min ?? 0;
    if (mark === undefined || (wanted ?? mark) !== mark || min === 0 || !(age > olderThan)) {
      return [];
    }
    const count = `${formatDuration(age)} old, with ${min} always-on ${min === 1 ? "worker" : "workers"}`;
    return {
      id,
      name,
      mark,
      costPerHr: (serverlessPricePerHour(gpu?.pools ?? []) ?? 0) * (gpu?.count ?? 1) * min,
      createdAt,
      action: scales ? "scale" : "leave",
      reason: scales ? count : `${count}: --endpoints sets them to 0`,
    } as const;
  });
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
