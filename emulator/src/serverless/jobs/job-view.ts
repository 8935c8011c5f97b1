import { type Job, type JobState, stateOf } from "./job";

/** A job as `/status`, `/runsync` and webhooks show it. */
export interface JobView {
  id: string;
  status: JobState;
  /** Milliseconds in the queue, up to the present try. */
  delayTime?: number;
  /** Milliseconds that the worker had it. */
  executionTime?: number;
  output?: unknown;
  error?: string;
  /** Absent for none. */
  retries?: number;
  workerId?: string;
}

export function jobView(job: Job): JobView {
  const { id, attempt, end, retries, queuedAt } = job;
  const status = stateOf(job);
  if (attempt === null) {
    return { id, status, ...(end?.error !== undefined && { error: end.error }) };
  }
  const answer = end?.state === "ANSWERED" ? attempt.answer : null;
  const output = answer?.chunks ?? answer?.output;
  const error = end?.error ?? answer?.error;
  return {
    delayTime: attempt.startedAt - queuedAt,
    ...(error !== undefined && { error }),
    ...(end !== null && { executionTime: end.at - attempt.startedAt }),
    id,
    ...(error === undefined && output !== undefined && { output }),
    ...(retries > 0 && { retries }),
    status,
    workerId: attempt.workerId,
  };
}
