const START = /\bstart container for\b/;
/** Of a longer log the last lines are read, of a longer line its beginning. */
const MAX_LINES = 10_000;
const MAX_LINE_LENGTH = 2_000;

/** The lines since the container was last started, cut to what can be read in no time. */
export function presentRun(log: readonly string[]): string[] {
  const lines = log.slice(-MAX_LINES).map((line) => line.slice(0, MAX_LINE_LENGTH));
  return lines.slice(
    Math.max(
      0,
      lines.findLastIndex((line) => START.test(line)),
    ),
  );
}
