import type { Clock } from "../core/clock";
import { formatDuration } from "../core/duration";
import { RunpodError } from "../core/errors";

/** What is known of an account's rate limit: plain data, for every copy of this package to share. */
interface GateState {
  /** Monotonic milliseconds before which nothing may be sent. */
  freeAt: number;
  /** The `freeAt` that users have been told of. */
  toldOf: number;
}

/** One who wants to pass the gate. */
export interface Passenger {
  readonly operation: string;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly tell: (text: string) => void;
}

const GATES = Symbol.for("runpod-stack.gate");

/** A wait shorter than this is not worth a line. */
const TELL_FROM_MS = 2_000;

/** Holds a process's calls back while its account's rate limit, as the server tells it, is used up. */
export class RateGate {
  readonly #state: GateState;

  /** @param account all gates of one account in a process are one */
  constructor(
    account: string,
    private readonly clock: Clock,
  ) {
    const shared = globalThis as { [GATES]?: Map<string, GateState> };
    shared[GATES] ??= new Map();
    this.#state = shared[GATES].get(account) ?? { freeAt: Number.NEGATIVE_INFINITY, toldOf: 0 };
    shared[GATES].set(account, this.#state);
  }

  /** @throws RunpodError "rateLimited" at once if the gate opens only after the deadline */
  async pass({ operation, deadline, signal, tell }: Passenger): Promise<void> {
    const state = this.#state;
    for (;;) {
      const wait = state.freeAt - this.clock.monotonic();
      if (wait <= 0) return;
      if (state.freeAt > deadline) throw this.#tooLong(operation, wait);
      if (wait >= TELL_FROM_MS && state.toldOf !== state.freeAt) {
        state.toldOf = state.freeAt;
        tell(`RunPod's rate limit is used up; going on in ${formatDuration(wait)}`);
      }
      await this.clock.sleep(wait, signal);
    }
  }

  /** Closes the gate for so many seconds, unless it is closed for longer. */
  close(seconds: number): void {
    if (seconds <= 0) return;
    const freeAt = this.clock.monotonic() + seconds * 1_000;
    this.#state.freeAt = Math.max(this.#state.freeAt, freeAt);
  }

  #tooLong(operation: string, wait: number): RunpodError {
    const time = new Date(this.clock.now() + wait).toISOString();
    const message = `${operation}: RunPod's rate limit is used up for another ${formatDuration(wait)}, longer than this operation may take. It was not sent; run it again after ${time}.`;
    const seconds = Math.ceil(wait / 1_000);
    return new RunpodError(message, { kind: "rateLimited", operation, retryAfterSeconds: seconds });
  }
}
