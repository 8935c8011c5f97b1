import { endOfLog } from "../limits";
import type { Nearby } from "./cause";

/** The lines of one start of the container, as diagnosis reads them. */
export interface Run {
  readonly lines: readonly string[];
  /** The server has answered; `lines` holds what came after. */
  readonly served: boolean;
}

/** What is printed once at the start of a container, by the host and by each server. */
const STARTS: readonly RegExp[] = [
  /\bstart container for\b/,
  /vLLM API server version/,
  /server_args=ServerArgs\(/,
  /text_generation_launcher: Args \{/,
];

/** What a server prints once it answers requests. */
const SERVING =
  /Application startup complete|fired up and ready to roll|main: model loaded|starting the main loop|text_generation_router.{0,80}: Connected\b|"(?:GET|POST) \/v1\/\S{1,100} HTTP\/\d\.\d" 200\b/;

/** A level in the prefix of a line; NCCL gives its errors the level WARN, and its hints name NCCL_DEBUG=INFO. */
const LEVEL =
  /(?<![=\w]|NCCL )(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b|\blevel=(?:debug|info|warn|error|fatal)\b/;
const QUIET = /TRACE|DEBUG|INFO|WARN|=debug|=info|=warn/;

/** Terminal colours, which vLLM prints around its process names. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is how they begin
const COLOUR = /\u001b\[[0-9;]{0,20}[A-Za-z]/g;

/** The runs of a container in their order. What a run printed before its server answered is dropped. */
export function readRuns(log: readonly string[]): Run[] {
  const runs: Run[] = [];
  let lines: string[] = [];
  let served = false;
  const starts = new Set<RegExp>();
  for (const line of endOfLog(log).flatMap(readLine)) {
    const start = STARTS.find((pattern) => pattern.test(line));
    if (start && starts.has(start)) {
      runs.push({ lines, served });
      lines = [];
      served = false;
      starts.clear();
    }
    if (start) starts.add(start);
    if (SERVING.test(line)) {
      lines = [];
      served = true;
    } else {
      lines.push(line);
    }
  }
  return [...runs, { lines, served }];
}

/** Whether the program itself logged the line as information or as a warning. */
export function isQuiet(line: string): boolean {
  const level = LEVEL.exec(line);
  return level !== null && QUIET.test(level[0]);
}

/** Whether a line close to the one at `index`, or that line itself, matches. */
export function hasNearby(lines: readonly string[], index: number, nearby: Nearby): boolean {
  return lines
    .slice(Math.max(0, index - nearby.lines), index + nearby.lines + 1)
    .some((line) => nearby.pattern.test(line));
}

/** Progress bars overwrite their line with carriage returns: what stays after each is a line of its own. */
function readLine(line: string): string[] {
  return line
    .split("\r")
    .map((part) => part.replace(COLOUR, ""))
    .filter((part) => part.trim() !== "");
}
