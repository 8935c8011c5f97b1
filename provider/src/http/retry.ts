import type { Clock } from "../core/clock";
import { formatDuration } from "../core/duration";
import { isRunpodError, type RunpodError } from "../core/errors";

/** Under which conditions a call may be made again. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Whether carrying it out twice is as good as once. */
  readonly isIdempotent: boolean;
  /** Monotonic milliseconds after which nothing is sent any more. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly tell: (text: string) => void;
  /** @default Math.random */
  readonly random?: () => number;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
const TELL_FROM_MS = 2_000;

/**
 * Makes a call again where that is safe: always if it was not sent or the rate limit refused it,
 * and only if it is idempotent where the answer was lost or the server failed.
 */
export async function withRetries<T>(options: RetryOptions, call: () => Promise<T>): Promise<T> {
  const { clock, deadline, signal, tell } = options;
  let failures = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isRunpodError(error) || !mayRepeat(error, options.isIdempotent)) throw error;
      // Waiting one's turn is no failure: only the deadline ends it.
      if (error.kind !== "rateLimited") failures += 1;
      const pause = pauseAfter(attempt, options.random ?? Math.random);
      const wait = Math.max(pause, (error.retryAfterSeconds ?? 0) * 1_000);
      const isTooLate = clock.monotonic() + wait >= deadline;
      if (failures >= ATTEMPTS || isTooLate || signal?.aborted) throw error;
      if (error.kind === "rateLimited") {
        // The gate holds back for the rest, and tells of it once for all who wait.
        await clock.sleep(pause, signal);
        continue;
      }
      if (wait >= TELL_FROM_MS) tell(`${error.message}; trying again in ${formatDuration(wait)}`);
      await clock.sleep(wait, signal);
    }
  }
}

function mayRepeat(error: RunpodError, isIdempotent: boolean): boolean {
  switch (error.kind) {
    case "notSent":
    case "rateLimited":
      return true;
    case "ambiguous":
    case "server":
      return isIdempotent;
    default:
      return false;
  }
}

/** Full jitter: those that failed together do not come back together. */
function pauseAfter(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}
