/**
 * Limits on what is read of commands and logs, which strangers may have written: each reader takes
 * time in proportion to what it reads, and these bound that.
 */

/**
 * Characters of a command, and again of all that variables put into its scripts. RunPod reads no
 * request of more bytes, and Linux starts no program with an argument of 131,072.
 */
export const MAX_COMMAND_LENGTH = 102_400;
/** Shells within shells, as in `bash -c "bash -c …"`: people write two. */
export const MAX_SHELL_DEPTH = 4;
/** Defaults within defaults, as in `${A:-${B:-c}}`: people write two. */
export const MAX_EXPANSION_DEPTH = 16;

/** Lines of a log that are read, its last: a server that starts prints some hundreds. */
export const MAX_LOG_LINES = 10_000;
/** Characters of a log that are read, its last. Servers print about a hundred a line. */
export const MAX_LOG_LENGTH = 4_194_304;
/** Characters of a line that are read, its first: no known cause stands behind more. */
const MAX_LINE_LENGTH = 2_000;

/** A command is beyond the limits: nothing is known of what it starts. The message says what is. */
export class BeyondLimits extends Error {}

/** How much variables may still put into scripts: doubled a few times, one would fill any memory. */
export class Room {
  private left = MAX_COMMAND_LENGTH;

  /** @throws {BeyondLimits} */
  take(length: number): void {
    this.left -= length;
    if (this.left >= 0) {
      return;
    }
    throw new BeyondLimits(
      `its variables put in more than ${MAX_COMMAND_LENGTH} characters, more than RunPod takes for all of a pod`,
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
