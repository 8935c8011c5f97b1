/**
 * Limits on what a container's command may make the emulator do, so that no command stops it for
 * everybody.
 */

/** Characters of one argument, a script among them, as Linux has it. */
export const MAX_ARGUMENT = 131_071;
/** Characters that a run's scripts put in from variables, and variables handed to its commands. */
const MAX_STEPS = 100_000;
/** Processes within each other, as `env env env …`: more than anybody nests, and no deep stack. */
export const MAX_PROCESS_DEPTH = 30;
/** Programs in the background: each is looked at for each event. */
export const MAX_JOBS = 500;
/** Characters of a line of the log, as Docker has it. */
export const MAX_LOG_LINE = 16_384;

/** What is left to one run of a container's command. */
export class Steps {
  private left = MAX_STEPS;

  /** Whether so many were left. */
  take(count: number): boolean {
    this.left -= count;
    return this.left >= 0;
  }
}
