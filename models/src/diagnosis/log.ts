import { endOfLog } from "../limits";
import { isModelProgress } from "../progress";
import type { Nearby } from "./cause";

/** The part of a log from one start of the container to the next. */
export interface Run {
  /** Output since a server last became ready. */
  readonly lines: readonly string[];
  /** Whether a server became ready. */
  readonly served: boolean;
  /** Output before a web server became ready that may be the model's or a helper's. */
  readonly before: readonly string[];
  /** Whether the run ended with an orderly stop. Later output is dropped. */
  readonly stopped: boolean;
}

/** Printed once per container start, by the host and by each server. */
const STARTS: readonly RegExp[] = [
  /\bstart container for\b/,
  /vLLM API server version/,
  /\bnon-default args: \{/,
  /server_args=ServerArgs\(/,
  /text_generation_launcher: Args \{/,
];

/** Printed by a model server that is ready for requests. */
const SERVING =
  /\(APIServer pid=\d{1,9}\).{0,80}Application startup complete|fired up and ready to roll|main: model loaded|starting the main loop|text_generation_router.{0,80}: Connected\b|Listening on \S{1,100}:\d{1,5} \(version|"(?:GET|POST) \/v1\/\S{1,100} HTTP\/\d\.\d" 200\b/;
/** Printed by any web server that is ready: the model's, or a helper in the same container. */
const ANY_SERVING =
  /Application startup complete|To see the GUI go to: |Running on local URL:|text_embeddings_router.{0,80}: Ready$/;

/** Printed at an orderly stop of a container or its server. */
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
/** How many starts in a row without container output count as a loop. */
const LOOP_STARTS = 3;

/** Terminal colors, which vLLM prints around its process names. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colors begin with it
const COLOR = /\u001b\[[0-9;]{0,20}[A-Za-z]/g;

/** Splits a log into the container's runs, in order. Drops a run's output before its server became ready. */
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

/** The last starts of a container that exits each time without printing anything; empty without such a loop. */
export function silentStarts(log: readonly string[]): string[] {
  const lines = readLines(log);
  const silent = lines.slice(lines.findLastIndex((line) => !SYSTEM.test(line)) + 1);
  const starts = silent.filter((line) => CONTAINER_START.test(line));
  return starts.length < LOOP_STARTS ? [] : starts;
}

/** Whether the line at `index` or a nearby line matches. */
export function hasNearby(lines: readonly string[], index: number, nearby: Nearby): boolean {
  return lines
    .slice(Math.max(0, index - nearby.lines), index + nearby.lines + 1)
    .some((line) => nearby.pattern.test(line));
}

/** Splits lines at carriage returns, which progress bars use to overwrite their line. */
function readLines(log: readonly string[]): string[] {
  return endOfLog(log).flatMap((line) =>
    line
      .split("\r")
      .map((part) => part.replace(COLOR, ""))
      .filter((part) => part.trim() !== ""),
  );
}
