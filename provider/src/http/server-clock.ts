import type { Clock } from "../core/clock";
import type { Headers } from "./rate-limit";

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const AGREES_MS = 2_000;

/** A server's clock, by the `Date` of its last answer. The machine's clock may be wrong. */
export class ServerClock {
  /** The server's time at zero of the monotonic clock. */
  #zero: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** Learns from an answer. Ignores a date that is missing or makes no sense. */
  hear({ date = "" }: Headers): void {
    const time = HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(time)) {
      this.#zero = time - this.clock.monotonic();
    }
  }

  /** Milliseconds since 1970; undefined before the first answer with a date. */
  now(): number | undefined {
    if (this.#zero === undefined) {
      return undefined;
    }
    const reported = this.#zero + this.clock.monotonic();
    const own = this.clock.now();
    // Dates have whole seconds. The machine's clock is more exact, if the two agree.
    return Math.abs(own - reported) <= AGREES_MS ? own : reported;
  }
}
