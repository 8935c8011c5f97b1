/**
 * Limits on how much of a command or log is read. Readers take time in proportion to their input,
 * which may come from strangers.
 */

/**
 * Maximum characters of a command, and of everything that variables expand to in its scripts. RunPod
 * rejects longer requests, and Linux rejects arguments of 131,072 bytes or more.
 */
export const MAX_COMMAND_LENGTH = 102_400;
/** Maximum depth of nested shells, as in `bash -c "bash -c …"`. Real commands use two. */
export const MAX_SHELL_DEPTH = 4;
/** Maximum depth of nested defaults, as in `${A:-${B:-c}}`. Real commands use two. */
export const MAX_EXPANSION_DEPTH = 16;

/** Only this many lines at the end of a log are read. A starting server prints a few hundred. */
export const MAX_LOG_LINES = 10_000;
/** Only this many characters at the end of a log are read. Servers print about 100 per line. */
export const MAX_LOG_LENGTH = 4_194_304;
/** Only this many characters at the start of a line are read. No known cause appears later. */
const MAX_LINE_LENGTH = 2_000;

/** A command exceeds a limit, so what it starts is not known. The message is a clause about the command. */
export class BeyondLimits extends Error {}

/** How many characters variables may still expand to: doubling one a few times would fill the memory. */
export class Room {
  private left = MAX_COMMAND_LENGTH;

  /** @throws {BeyondLimits} if less than `length` is left */
  take(length: number): void {
    this.left -= length;
    if (this.left >= 0) {
      return;
    }
    throw new BeyondLimits(
      `its variables expand to more than ${MAX_COMMAND_LENGTH} characters, the most that RunPod accepts for a pod`,
    );
  }
}

/** The end of a log, within the limits. */
export function endOfLog(log: readonly string[]): string[] {
  const lines: string[] = [];
  let length = 0;
  for (let at = log.length - 1; at >= 0 && lines.length < MAX_LOG_LINES; at--) {
    const line = (log[at] ?? "").slice(0, MAX_LINE_LENGTH);
    length += line.length;
    if (length > MAX_LOG_LENGTH) {
      break;
    }
    lines.push(line);
  }
  return lines.reverse();
}
