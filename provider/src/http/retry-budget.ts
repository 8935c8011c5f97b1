/** Repetitions that may be made before successes earn new ones. */
const MOST = 20;
const EARNED_BY_SUCCESS = 0.2;

/**
 * How often an account's calls may be made again, all together. While RunPod fails, the budget is
 * soon used up, and calls fail at once instead of adding to its troubles.
 */
export class RetryBudget {
  #left = MOST;

  /** Takes one repetition; false if there is none left. */
  take(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** A call succeeded after so many repetitions, and gives them back. */
  succeed(repetitions: number): void {
    this.#left = Math.min(this.#left + Math.max(repetitions, EARNED_BY_SUCCESS), MOST);
  }
}
