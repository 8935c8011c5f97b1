import type { JobAnswer } from "../../containers/handlers/job-answer";
import type { Random } from "../../core/random";

/** As RunPod names them. */
export type JobState =
  | "IN_QUEUE"
  | "IN_PROGRESS"
  | "COMPLETED"
  | "FAILED"
  | "CANCELLED"
  | "TIMED_OUT";

/** What a client asks for; times in milliseconds. */
export interface JobRequest {
  input: unknown;
  /** Whether it came through `/runsync`: its result is kept for a shorter time. */
  isSync: boolean;
  /** Where to send the result; null for nowhere. */
  webhook: string | null;
  /** How long a worker may take; null for the endpoint's own limit. */
  executionTimeout: number | null;
  /** How long the job exists, whatever its state. */
  ttl: number;
  /** Waits for all others, and does not cause more workers. */
  lowPriority: boolean;
}

/** One worker's try at a job. */
export interface Attempt {
  readonly workerId: string;
  readonly startedAt: number;
  /** When the handler is done. */
  readonly doneAt: number;
  /** What it answers; null until that is known, which takes no emulated time. */
  answer: JobAnswer | null;
}

/** A job's end. The state of a job whose handler was done depends on the answer. */
export interface JobEnd {
  readonly at: number;
  readonly state: "ANSWERED" | "FAILED" | "CANCELLED";
  readonly error?: string;
}

/** All times are virtual milliseconds. */
export interface Job {
  readonly id: string;
  readonly request: JobRequest;
  /** When it was sent, or last sent again by `/retry`. */
  queuedAt: number;
  attempt: Attempt | null;
  end: JobEnd | null;
  /** How often the platform gave it to another worker. */
  retries: number;
  /** Chunks that `/stream` has delivered. */
  streamed: number;
}

export function stateOf({ attempt, end }: Job): JobState {
  if (end === null) {
    return attempt === null ? "IN_QUEUE" : "IN_PROGRESS";
  }
  if (end.state !== "ANSWERED") {
    return end.state;
  }
  const answer = attempt?.answer;
  return answer?.error === undefined ? "COMPLETED" : (answer.state ?? "FAILED");
}

/** When RunPod forgets the job. */
export function forgottenAt({ request, queuedAt, end }: Job): number {
  return end === null
    ? queuedAt + request.ttl
    : end.at + KEPT_MS[request.isSync ? "sync" : "async"];
}

/** The chunks that a generator has yielded by `now`, evenly over its time. */
export function yielded({ attempt, end }: Job, now: number): readonly unknown[] {
  const chunks = attempt?.answer?.chunks ?? [];
  if (attempt === null || end?.state === "ANSWERED") {
    return chunks;
  }
  const share = ((end?.at ?? now) - attempt.startedAt) / (attempt.doneAt - attempt.startedAt);
  return chunks.slice(0, Math.floor(share * chunks.length));
}

/** As `eaebd6e7-6a92-4bb8-a911-f996ac5ea99d-u1`. */
export function newJobId(random: Random): string {
  const digit = (least = 0, count = 16) => (least + Math.floor(random() * count)).toString(16);
  const pattern = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx-u1";
  return pattern.replace(/[xy]/g, (mark) => (mark === "x" ? digit() : digit(8, 4)));
}

const KEPT_MS = { async: 30 * 60_000, sync: 60_000 };
