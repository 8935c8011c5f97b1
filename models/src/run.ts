import { endOfLog } from "./limits";

const START = /\bstart container for\b/;

/** The lines since the container's last start, within the limits on a log. */
export function presentRun(log: readonly string[]): string[] {
  const lines = endOfLog(log);
  return lines.slice(
    Math.max(
      0,
      lines.findLastIndex((line) => START.test(line)),
    ),
  );
}
