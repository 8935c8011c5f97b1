import type { Clock } from "../core/clock";
import { formatDuration } from "../core/duration";
import { isRunpodError, type RunpodError } from "../core/errors";
import type { RetryBudget } from "./retry-budget";

/** When, and how often, a call may be repeated. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Whether repeating the call is harmless. */
  readonly isIdempotent: boolean;
  /** When to stop sending, in monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly report: (text: string) => void;
  readonly budget: RetryBudget;
  /** Between 0 and 1. */
  readonly random: () => number;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
const REPORT_FROM_MS = 2_000;

/**
 * Repeats a failed call where that is safe: always if it was not sent or the rate limit rejected
 * it, and only if it is idempotent if the answer was lost or the server failed.
 */
export async function withRetries<T>(options: RetryOptions, call: () => Promise<T>): Promise<T> {
  const { clock, deadline, signal, report, budget, random } = options;
  let failures = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await call();
      budget.succeed(failures);
      return answer;
    } catch (error) {
      if (!isRunpodError(error) || !mayRepeat(error, options.isIdempotent)) {
        throw error;
      }
      const pause = pauseAfter(attempt, random);
      if (error.kind === "rateLimited") {
        // Waiting for a turn is not a failure, and the gate knows how long it takes.
        if (clock.monotonic() + pause >= deadline || signal?.aborted) {
          throw error;
        }
        await clock.sleep(pause, signal);
        continue;
      }
      failures += 1;
      const wait = Math.max(pause, (error.retryAfterSeconds ?? 0) * 1_000);
      const isTooLate = clock.monotonic() + wait >= deadline;
      if (failures >= ATTEMPTS || isTooLate || signal?.aborted || !budget.take()) {
        throw error;
      }
      if (wait >= REPORT_FROM_MS) {
        report(`${error.message}; retrying in ${formatDuration(wait)}`);
      }
      await clock.sleep(wait, signal);
    }
  }
}

function mayRepeat({ kind, status }: RunpodError, isIdempotent: boolean): boolean {
  if (kind === "notSent") {
    return true;
  }
  // The gate's own error has no status: it means that waiting is of no use.
  if (kind === "rateLimited") {
    return status !== undefined;
  }
  return isIdempotent && (kind === "ambiguous" || kind === "server");
}

/** Full jitter: calls that failed together do not retry together. */
function pauseAfter(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}
