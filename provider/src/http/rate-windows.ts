import { type Headers, type WindowReport, windowsOf } from "./rate-limit";

/** What is known of one window. Times in monotonic milliseconds. */
export interface RateWindow {
  /** Calls that may still be sent, by the server's lowest word: it may count calls under way. */
  readonly left: number;
  /** Calls in a whole window; 0 if not known. */
  readonly quota: number;
  readonly length: number;
  /** When it begins anew. */
  readonly resetAt: number;
  /** When the call was sent whose answer told of it first. */
  readonly since: number;
}

const ROUNDING_MS = 1_000;

/** The windows of an account's rate limit, gathered from answers that may come in any order. */
export class RateWindows {
  readonly #byName = new Map<string, RateWindow>();

  /** Takes note of an answer to a call sent at `sentAt`; false if it tells of no window. */
  learn(headers: Headers, sentAt: number, now: number): boolean {
    const reports = windowsOf(headers);
    for (const report of reports) this.#note(report, sentAt, now);
    return reports.length > 0;
  }

  /** Counts a call of which no answer tells whether the server did. */
  spendOne(): void {
    for (const [name, window] of this.#byName) {
      this.#byName.set(name, { ...window, left: window.left - 1 });
    }
  }

  /** Forgets windows that were over at a time, and of which later answers say nothing. */
  forgetEnded(time: number): void {
    for (const [name, { resetAt }] of this.#byName) {
      if (resetAt <= time) this.#byName.delete(name);
    }
  }

  /** Those that are not over. */
  lasting(now: number): RateWindow[] {
    return [...this.#byName.values()].filter(({ resetAt }) => resetAt > now);
  }

  /** Whether a window is over, and no answer has told of the one after it. */
  hasEnded(now: number): boolean {
    return this.lasting(now).length < this.#byName.size;
  }

  #note({ name, left, reset, quota, length }: WindowReport, sentAt: number, now: number): void {
    const told = {
      left,
      quota,
      length: length * 1_000,
      resetAt: now + reset * 1_000,
      since: sentAt,
    };
    const known = this.#byName.get(name);
    if (known === undefined || isOfNext(told, known)) {
      this.#byName.set(name, told);
    } else if (sentAt >= known.since) {
      const resetAt = Math.min(known.resetAt, told.resetAt);
      this.#byName.set(name, { ...known, resetAt, left: Math.min(known.left, left) });
    } else if (known.resetAt - told.resetAt <= farApart(known)) {
      // Its end, told by a call from before this window was known, may be another window's.
      this.#byName.set(name, { ...known, left: Math.min(known.left, left) });
    }
  }
}

/** Whether an answer speaks of the window after the one that is known. */
function isOfNext(told: RateWindow, known: RateWindow): boolean {
  if (told.since >= known.resetAt) return true;
  return told.since >= known.since && told.resetAt - known.resetAt > farApart(known);
}

/** Two reports of one window's end differ by less: servers count in whole seconds. */
function farApart({ length }: RateWindow): number {
  return (length + ROUNDING_MS) / 2;
}
