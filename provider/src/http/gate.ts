import type { Clock } from "../core/clock";
import { RunpodError } from "../core/errors";
import { type RateWindow, secondsUntilFree } from "./rate-limit";

/** A wait shorter than this is not worth telling. */
const TELL_FROM_MS = 2_000;

/** Keeps a process within an account's rate limit, as the server tells it. */
export class RateGate {
  #freeAt = Number.NEGATIVE_INFINITY;

  /**
   * Returns once a call may be made.
   * @throws RunpodError "rateLimited" if that is after the deadline (monotonic milliseconds)
   */
  async pass(
    clock: Clock,
    operation: string,
    deadline: number,
    tell: (text: string) => void,
  ): Promise<void> {
    for (;;) {
      const wait = this.#freeAt - clock.monotonic();
      if (wait <= 0) return;
      const seconds = Math.ceil(wait / 1_000);
      if (this.#freeAt > deadline) {
        const message = `${operation}: the account's rate limit is used up for ${seconds} s more, which is beyond this operation's time. Nothing was sent; run it again later.`;
        throw new RunpodError(message, {
          kind: "rateLimited",
          operation,
          retryAfterSeconds: seconds,
        });
      }
      if (wait >= TELL_FROM_MS) tell(`rate limit: next call in ${seconds} s`);
      await clock.sleep(wait);
    }
  }

  /** Learns from an answer. */
  learn(clock: Clock, windows: readonly RateWindow[], retryAfterSeconds = 0): void {
    const seconds = Math.max(secondsUntilFree(windows), retryAfterSeconds);
    if (seconds > 0) this.#freeAt = Math.max(this.#freeAt, clock.monotonic() + seconds * 1_000);
  }
}

const GATES = Symbol.for("runpod-stack.gates");

/** The one gate of an account in this process, shared even by two copies of this package. */
export function gateOf(account: string): RateGate {
  const holder = globalThis as unknown as { [GATES]?: Map<string, RateGate> };
  holder[GATES] ??= new Map();
  const gate = holder[GATES].get(account) ?? new RateGate();
  holder[GATES].set(account, gate);
  return gate;
}
