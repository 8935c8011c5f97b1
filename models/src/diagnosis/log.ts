import { endOfLog } from "../limits";
import { isModelProgress } from "../progress";
import type { Nearby } from "./cause";

/** The lines of one start of the container, as diagnosis reads them. */
export interface Run {
  /** What was printed since a server last came up. */
  readonly lines: readonly string[];
  /** A server has answered. */
  readonly served: boolean;
  /** What was printed before a web server came up of which the log does not show whose it is. */
  readonly before: readonly string[];
  /** Somebody ended it in order. What was printed from then on is dropped. */
  readonly stopped: boolean;
}

/** What is printed once at the start of a container, by the host and by each server. */
const STARTS: readonly RegExp[] = [
  /\bstart container for\b/,
  /vLLM API server version/,
  /\bnon-default args: \{/,
  /server_args=ServerArgs\(/,
  /text_generation_launcher: Args \{/,
];

/** What a model server prints once it answers requests. */
const SERVING =
  /\(APIServer pid=\d{1,9}\).{0,80}Application startup complete|fired up and ready to roll|main: model loaded|starting the main loop|text_generation_router.{0,80}: Connected\b|Listening on \S{1,100}:\d{1,5} \(version|"(?:GET|POST) \/v1\/\S{1,100} HTTP\/\d\.\d" 200\b/;
/** What any web server prints: the model's, or a helper in the same container. */
const ANY_SERVING =
  /Application startup complete|To see the GUI go to: |Running on local URL:|text_embeddings_router.{0,80}: Ready$/;

/** What is printed once somebody ends a container or its server in order. */
const STOPS: readonly RegExp[] = [
  /(?<![a-z] )\b(?:stop|remove) container\b/,
  /Shutting down FastAPI HTTP server|\bINFO:\s{1,10}Shutting down\s*$/,
  /\[shutdown\] .{0,40}(?:trigger received signal|shutdown triggered)/,
  /(?<!regarding |\*\*\* )\bSIG(?:TERM|INT)\)? (?:received|caught)/,
  /\b(?:received|caught|got|handling)(?: signal:?| a)? (?:SIGTERM|SIGINT|15\b|2\b)/i,
  /Terminating webserver|starting graceful shutdown|Gracefully exiting|shutting down gracefully/i,
  /runpod-stack timer: the time is up/,
];

/** The host's own lines about a container. */
const SYSTEM =
  /\b(?:create|start|stop|remove) container\b|\bPulling (?:from|fs layer)|\bpending image pull|\bDigest: sha256:|\bStatus: (?:Image is up to date|Downloaded)|(?:Pull|Download) complete|\bAlready exists|Verifying Checksum|(?:Downloading|Extracting)\s{1,9}\[|\bcreate(?:d)? network\b|\bremove network\b/;
const CONTAINER_START = /\bstart container for\b/;
/** Starts in a row without a line of the container that make a loop. */
const LOOP_STARTS = 3;

/** Terminal colors, which vLLM prints around its process names. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is how they begin
const COLOR = /\u001b\[[0-9;]{0,20}[A-Za-z]/g;

/** The runs of a container in their order. What a run printed before its server answered is dropped. */
export function readRuns(log: readonly string[]): Run[] {
  const runs: Run[] = [];
  let run = emptyRun();
  const starts = new Set<RegExp>();
  for (const line of readLines(log)) {
    const start = STARTS.find((pattern) => pattern.test(line));
    if (start && starts.has(start)) {
      runs.push(run);
      run = emptyRun();
      starts.clear();
    }
    if (start) {
      starts.add(start);
    }
    if (run.stopped && !start && !isModelProgress(line)) {
      continue;
    }
    run.stopped = STOPS.some((pattern) => pattern.test(line));
    if (SERVING.test(line)) {
      Object.assign(run, { lines: [], before: [], served: true });
    } else if (ANY_SERVING.test(line)) {
      for (const earlier of run.lines) {
        run.before.push(earlier);
      }
      Object.assign(run, { lines: [], served: true });
    } else if (!run.stopped) {
      run.lines.push(line);
    }
  }
  return [...runs, run];
}

function emptyRun() {
  return { lines: [] as string[], served: false, before: [] as string[], stopped: false };
}

/** The last starts of a container that ends each time before it prints anything; empty if it is none such. */
export function silentStarts(log: readonly string[]): string[] {
  const lines = readLines(log);
  const silent = lines.slice(lines.findLastIndex((line) => !SYSTEM.test(line)) + 1);
  const starts = silent.filter((line) => CONTAINER_START.test(line));
  return starts.length < LOOP_STARTS ? [] : starts;
}

/** Whether a line close to the one at `index`, or that line itself, matches. */
export function hasNearby(lines: readonly string[], index: number, nearby: Nearby): boolean {
  return lines
    .slice(Math.max(0, index - nearby.lines), index + nearby.lines + 1)
    .some((line) => nearby.pattern.test(line));
}

/** Progress bars overwrite their line with carriage returns: what follows each is a separate line. */
function readLines(log: readonly string[]): string[] {
  return endOfLog(log).flatMap((line) =>
    line
      .split("\r")
      .map((part) => part.replace(COLOR, ""))
      .filter((part) => part.trim() !== ""),
  );
}
