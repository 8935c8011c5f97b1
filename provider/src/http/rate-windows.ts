import { type Headers, type WindowReport, windowsOf } from "./rate-limit";

/** The state of one window. Times in monotonic milliseconds. */
export interface RateWindow {
  /** Calls that may still be sent, by the lowest report: the server may count calls under way. */
  readonly left: number;
  /** Calls in a whole window; 0 if not known. */
  readonly quota: number;
  readonly length: number;
  /** When it resets. */
  readonly resetAt: number;
  /** Send time of the first call whose response reported this window. */
  readonly since: number;
}

const ROUNDING_MS = 1_000;

/** The windows of an account's rate limit, from answers that may arrive in any order. */
export class RateWindows {
  readonly #byName = new Map<string, RateWindow>();

  /** Learns from the answer to a call sent at `sentAt`. Returns false if it reports no window. */
  learn(headers: Headers, sentAt: number, now: number): boolean {
    const reports = windowsOf(headers);
    for (const report of reports) {
      this.#note(report, sentAt, now);
    }
    return reports.length > 0;
  }

  /** Counts a call that the server may have counted without an answer that shows it. */
  spendOne(): void {
    for (const [name, window] of this.#byName) {
      this.#byName.set(name, { ...window, left: window.left - 1 });
    }
  }

  /** Forgets windows that had ended at a given time and that later answers do not report. */
  forgetEnded(time: number): void {
    for (const [name, { resetAt }] of this.#byName) {
      if (resetAt <= time) {
        this.#byName.delete(name);
      }
    }
  }

  /** Windows that have not ended. */
  lasting(now: number): RateWindow[] {
    return [...this.#byName.values()].filter(({ resetAt }) => resetAt > now);
  }

  /** Whether a window has ended and no answer has reported the next one. */
  hasEnded(now: number): boolean {
    return this.lasting(now).length < this.#byName.size;
  }

  #note({ name, left, reset, quota, length }: WindowReport, sentAt: number, now: number): void {
    const reported = {
      left,
      quota,
      length: length * 1_000,
      resetAt: now + reset * 1_000,
      since: sentAt,
    };
    const known = this.#byName.get(name);
    if (known === undefined || isOfNext(reported, known)) {
      this.#byName.set(name, reported);
    } else if (sentAt >= known.since) {
      const resetAt = Math.min(known.resetAt, reported.resetAt);
      this.#byName.set(name, { ...known, resetAt, left: Math.min(known.left, left) });
    } else if (known.resetAt - reported.resetAt <= farApart(known)) {
      // The call is from before this window was known, so the end it reports may be another
      // window's.
      this.#byName.set(name, { ...known, left: Math.min(known.left, left) });
    }
  }
}

/** Whether a report is about the window after the known one. */
function isOfNext(reported: RateWindow, known: RateWindow): boolean {
  if (reported.since >= known.resetAt) {
    return true;
  }
  return reported.since >= known.since && reported.resetAt - known.resetAt > farApart(known);
}

/** Two reports of one window's end differ by less, since servers count in whole seconds. */
function farApart({ length }: RateWindow): number {
  return (length + ROUNDING_MS) / 2;
}
