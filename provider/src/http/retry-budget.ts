/** Retries that are available before successes earn more. */
const MOST = 20;
const EARNED_BY_SUCCESS = 0.2;

/**
 * Limits how often all calls of an account may be retried. While RunPod fails, the budget is soon
 * used up, and calls fail immediately instead of adding load.
 */
export class RetryBudget {
  #left = MOST;

  /** Takes one retry; false if none is left. */
  take(): boolean {
    if (this.#left < 1) {
      return false;
    }
    this.#left -= 1;
    return true;
  }

  /** Returns the retries of a call that succeeded. */
  succeed(retries: number): void {
    this.#left = Math.min(this.#left + Math.max(retries, EARNED_BY_SUCCESS), MOST);
  }
}
