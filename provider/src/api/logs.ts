import { safe, visible } from "@runpod-stack/kit";
import { createParser } from "eventsource-parser";
import { type Clock, later } from "../core/clock";
import { isRunpodError, RunpodError } from "../core/errors";
import type { HttpClient } from "../http/client";
import type { SafePath } from "../http/path";
import { faultOf } from "../http/unanswered";

/** One line of a container's log. */
export interface LogLine {
  /** When it was written, in RFC 3339. */
  readonly at: string;
  /** "container", or "system" for what the host does. */
  readonly source: string;
  /** Without control sequences for terminals. */
  readonly line: string;
}

export interface LogOptions {
  /** @default both */
  readonly source?: "container" | "system";
  /** The number of last lines of each source. @default 100 */
  readonly tail?: number;
  /** @default 5 s */
  readonly timeoutMs?: number;
  /** @default 1 MiB */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** After the existing lines, the stream is silent until new ones are written. */
const SILENCE_MS = 500;

/** Whose log it is. */
export interface LogSource {
  readonly path: SafePath;
  /** As in "reading the logs of pod x". */
  readonly of: string;
}

/**
 * A container's last log lines. RunPod's stream never ends, and does not even begin before there is a
 * line. So the result is what has arrived when the time or the bytes are used up, or when the
 * stream falls silent.
 * @throws RunpodError
 */
export async function readLogs(
  client: HttpClient,
  clock: Clock,
  { path, of }: LogSource,
  options: LogOptions = {},
): Promise<LogLine[]> {
  const { source, tail = 100, timeoutMs = 5_000, maxBytes = 1024 * 1024 } = options;
  const lines: LogLine[] = [];
  const parser = createParser({
    onEvent: ({ data }) => lines.push(...lineOf(data)),
  });
  const end = new AbortController();
  const callOff = later(clock, timeoutMs, () => end.abort());
  const signals = [end.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const query = { tail: String(tail), ...(source !== undefined && { source }) };
  const operation = `reading the logs of ${of}`;
  let silence = () => {};
  try {
    const signal = AbortSignal.any(signals);
    const call = { method: "GET", path, query, operation, signal } as const;
    const { body } = await client.stream(call, "text/event-stream");
    const decoder = new TextDecoder();
    let bytes = 0;
    for await (const chunk of body) {
      silence();
      bytes += chunk.byteLength;
      parser.feed(
        decoder.decode(chunk.subarray(0, maxBytes - bytes + chunk.byteLength), { stream: true }),
      );
      if (bytes >= maxBytes) {
        break;
      }
      silence = later(clock, SILENCE_MS, () => end.abort());
    }
  } catch (error) {
    if (!end.signal.aborted && lines.length === 0) {
      throw brokenOff(error, operation, options.signal);
    }
  } finally {
    callOff();
    silence();
    end.abort();
  }
  return lines;
}

function brokenOff(error: unknown, operation: string, signal?: AbortSignal): RunpodError {
  if (isRunpodError(error)) {
    return error;
  }
  const detail = faultOf(error);
  const kind = signal?.aborted ? "aborted" : "ambiguous";
  return new RunpodError(safe`${operation}: the log stream broke off (${detail})`, {
    kind,
    detail,
    operation,
  });
}

/** The lines in a frame; none if it is not in the documented format. */
function lineOf(data: string): LogLine[] {
  try {
    const { ts, source, line } = JSON.parse(data);
    if (typeof line !== "string") {
      return [];
    }
    // A progress bar is one line that overwrites itself.
    const parts = line.split("\r").filter((part, _, all) => part !== "" || all.length === 1);
    const [at, from] = [String(ts), String(source)];
    return parts.map((part) => ({ at, source: from, line: visible(part).replace(/[\n\t]/g, " ") }));
  } catch {
    return [];
  }
}
