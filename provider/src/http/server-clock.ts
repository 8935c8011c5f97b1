import type { Clock } from "../core/clock";
import type { Headers } from "./rate-limit";

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const AGREES_MS = 2_000;

/** A server's clock, as the `Date` of its last answer showed it: a machine's own may be wrong. */
export class ServerClock {
  /** Its time when the monotonic clock was at zero. */
  #zero: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** Takes note of an answer. A date that is missing or makes no sense changes nothing. */
  hear({ date = "" }: Headers): void {
    const time = HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(time)) this.#zero = time - this.clock.monotonic();
  }

  /** Milliseconds since 1970; undefined before the first answer with a date. */
  now(): number | undefined {
    if (this.#zero === undefined) return undefined;
    const told = this.#zero + this.clock.monotonic();
    const own = this.clock.now();
    // A date has no parts of a second: where the machine's clock agrees with it, that is more exact.
    return Math.abs(own - told) <= AGREES_MS ? own : told;
  }
}
