/** Limits on what a container's command may make the emulator do, so that no command blocks it. */

/** Characters of one argument, scripts included, as in Linux. */
export const MAX_ARGUMENT = 131_071;
/** Characters that a run's scripts insert from variables, and variables passed to its commands. */
const MAX_STEPS = 100_000;
/** Nested processes, as in `env env env …`: more than anyone needs, and no deep stack. */
export const MAX_PROCESS_DEPTH = 30;
/** Programs in the background: each is checked at each event. */
export const MAX_JOBS = 500;
/** Characters of a log line, as in Docker. */
export const MAX_LOG_LINE = 16_384;

/** The budget that one run of a container's command has left. */
export class Steps {
  private left = MAX_STEPS;

  /** Spends from a budget; false if it does not suffice. */
  take(count: number): boolean {
    this.left -= count;
    return this.left >= 0;
  }
}
