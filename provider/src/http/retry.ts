import type { Clock } from "../core/clock";
import { isRunpodError, type RunpodError } from "../core/errors";

/** Under which conditions a call may be made again. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Monotonic milliseconds after which nothing is sent any more. */
  readonly deadline: number;
  /** Whether making the call twice is as good as once. */
  readonly isIdempotent: boolean;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
const TELL_FROM_MS = 2_000;

/**
 * Makes a call again where that is safe: if it was never sent or was refused for the rate limit,
 * always; after an unclear or failed answer only if it is idempotent.
 */
export async function withRetries<T>(options: RetryOptions, call: () => Promise<T>): Promise<T> {
  const { clock, deadline, signal, tell } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isRunpodError(error) || !mayRepeat(error, options.isIdempotent)) throw error;
      const pause = pauseBefore(attempt, error);
      if (attempt >= ATTEMPTS || clock.monotonic() + pause >= deadline || signal?.aborted)
        throw error;
      if (pause >= TELL_FROM_MS)
        tell(`${error.message}; trying again in ${Math.ceil(pause / 1_000)} s`);
      await clock.sleep(pause, signal);
    }
  }
}

function mayRepeat(error: RunpodError, isIdempotent: boolean): boolean {
  if (error.kind === "notSent" || error.kind === "rateLimited") return true;
  return isIdempotent && ["server", "ambiguous", "protocol"].includes(error.kind);
}

/** Full jitter: clients that failed together do not come back together. The rate gate adds its own wait. */
function pauseBefore(attempt: number, error: RunpodError): number {
  if (error.kind === "rateLimited") return 0;
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}
