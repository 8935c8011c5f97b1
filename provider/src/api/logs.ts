import { createParser } from "eventsource-parser";
import type { HttpClient } from "../http/client";
import { path } from "../http/path";

/** One line of a pod's log. */
export interface LogLine {
  /** When it was written, as RunPod gives it. */
  readonly at: string;
  /** `container`, or `system` for what the host says of it. */
  readonly source: string;
  readonly line: string;
}

/** How much of a log to read. */
export interface LogOptions {
  /** @default both */
  readonly source?: "container" | "system";
  /** Lines per source, at most 5000. @default 100 */
  readonly tail?: number;
  /** The stream never ends by itself: how long to listen, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  /** After a line, how long a silence means that there is no more. @default 700 */
  readonly quietMs?: number;
  /** @default 1 MiB */
  readonly maxBytes?: number;
}

/** The last lines of a pod's log; none if RunPod sends nothing in time. @throws RunpodError */
export async function readLogs(
  client: HttpClient,
  podId: string,
  options: LogOptions = {},
): Promise<LogLine[]> {
  const { timeoutMs = 5_000, quietMs = 700, maxBytes = 1024 * 1024, tail = 100, source } = options;
  const lines: LogLine[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const line = readLine(data);
      if (line !== undefined) lines.push(line);
    },
  });
  const ended = new AbortController();
  let quiet: NodeJS.Timeout | undefined;
  const whole = setTimeout(() => ended.abort(), timeoutMs);
  try {
    const call = {
      method: "GET",
      path: path`/pods/${podId}/logs`,
      operation: `reading the logs of pod ${podId}`,
    } as const;
    const query = { tail: String(tail), ...(source !== undefined && { source }) };
    const body = await client.stream({ ...call, query, signal: ended.signal }, "text/event-stream");
    const decoder = new TextDecoder();
    let bytes = 0;
    for await (const chunk of body) {
      clearTimeout(quiet);
      quiet = setTimeout(() => ended.abort(), quietMs);
      bytes += chunk.byteLength;
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (bytes >= maxBytes) break;
    }
  } catch (error) {
    // Time is the only end that a log stream has.
    if (!ended.signal.aborted) throw error;
  } finally {
    clearTimeout(whole);
    clearTimeout(quiet);
    ended.abort();
  }
  return lines;
}

function readLine(data: string): LogLine | undefined {
  try {
    const { ts, source, line } = JSON.parse(data) as Record<string, unknown>;
    return typeof line === "string" ? { at: String(ts), source: String(source), line } : undefined;
  } catch {
    return undefined;
  }
}
