import { setTimeout as delay } from "node:timers/promises";
import { type Context, Hono } from "hono";
import type { LogLine } from "../../containers/runtime";
import { notFound } from "../../core/problem";
import type { Env, Services } from "../../http/services";
import { logLines } from "../../pods/pod-runtime";
import { advanceServerless } from "../../serverless/life";
import { workerLogs } from "../../serverless/worker-container";
import type { World } from "../../state/world";
import { integer, invalidQuery, words } from "./queries";

const DEFAULT_TAIL = 100;
const MAX_TAIL = 5000;
/** How often an open stream checks for new lines (real milliseconds). */
const LOOK_MS = 100;
const SEQ_DIGITS = 12;

/** `/v2/pods/{id}/logs`. */
export function logRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/:id/logs", (c) => {
    const account = c.get("account");
    const id = c.req.param("id");
    return answerLogs(c, world, { kind: "pod", id }, () => {
      const pod = account.pods.read(id);
      return pod && logLines(world, account, pod);
    });
  });

  return app;
}

/** `/v2/serverless/{id}/workers/{workerId}/logs`. */
export function workerLogRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/:id/workers/:worker/logs", (c) => {
    const account = c.get("account");
    const id = c.req.param("worker");
    const endpoint = account.endpoints.read(c.req.param("id"));
    if (!endpoint) {
      throw notFound("endpoint", c.req.param("id"));
    }
    return answerLogs(c, world, { kind: "worker", id }, () => {
      advanceServerless(world);
      const worker = endpoint.fleet.find((one) => one.id === id);
      return worker && workerLogs(world, account, endpoint, worker, world.clock.now());
    });
  });

  return app;
}

/**
 * Server-sent events, until the reader ends the stream: the lines of something that runs, or of
 * something that is gone.
 * @param current undefined once it is gone
 */
async function answerLogs(
  c: Context<Env>,
  world: World,
  { kind, id }: { kind: string; id: string },
  current: () => readonly LogLine[] | undefined,
): Promise<Response> {
  const account = c.get("account");
  const read = () => {
    const lines = current();
    const late = world.store.lateLogs.get(id);
    return lines ?? (late?.account === account.number ? late.lines : undefined);
  };
  if (!read()) {
    throw notFound(kind, id);
  }
  const wanted = wantedLines(c);
  const { signal } = c.req.raw;
  const next = () => wanted(read() ?? []);
  // As in RunPod, not even the headers are sent before there is a line.
  let lines = next();
  while (lines.length === 0 && (await pause(signal))) {
    lines = next();
  }
  return new Response(stream(lines, next, signal), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      connection: "keep-alive",
      "x-accel-buffering": "no",
    },
  });
}

/**
 * Picks the lines not yet sent: the first time those that the request selects (`Last-Event-ID`,
 * else `since`, else `tail`), then whatever is new.
 */
function wantedLines(c: Context<Env>): (lines: readonly LogLine[]) => LogLine[] {
  const [source] = words(c, "source", ["container", "system"]) ?? [];
  const tail = integer(c, "tail", 0, MAX_TAIL, DEFAULT_TAIL);
  const begins = resumeAt(c.req.header("last-event-id"), c.req.query("since"));
  let seen = -1;
  let first = true;
  return (all) => {
    const lines = all.filter((line) => line.seq > seen && (!source || line.source === source));
    const wanted = !first ? lines : begins ? lines.filter(begins) : tailOfEach(lines, tail);
    first = false;
    seen = all.at(-1)?.seq ?? seen;
    return wanted;
  };
}

function resumeAt(
  lastEventId: string | undefined,
  since: string | undefined,
): ((line: LogLine) => boolean) | null {
  if (lastEventId !== undefined) {
    const [time = "", seq] = lastEventId.split("/");
    return seq === undefined
      ? (line) => line.at > Date.parse(time)
      : (line) => line.seq > Number(seq);
  }
  if (since === undefined) {
    return null;
  }
  const from = Date.parse(since);
  if (Number.isNaN(from)) {
    throw invalidQuery("since", "must be an RFC 3339 time");
  }
  return (line) => line.at >= from;
}

/** The last lines of each source, ordered by time. */
function tailOfEach(lines: readonly LogLine[], tail: number): LogLine[] {
  const kept = new Set(
    (["container", "system"] as const).flatMap((source) => {
      const own = lines.filter((line) => line.source === source);
      return own.slice(Math.max(0, own.length - tail));
    }),
  );
  return lines.filter((line) => kept.has(line));
}

function stream(first: LogLine[], next: () => LogLine[], signal: AbortSignal): ReadableStream {
  const encoder = new TextEncoder();
  let lines = first;
  return new ReadableStream({
    async pull(controller) {
      while (lines.length === 0 && (await pause(signal))) {
        lines = next();
      }
      if (signal.aborted) {
        controller.close();
      } else {
        controller.enqueue(encoder.encode(lines.map(event).join("")));
        lines = [];
      }
    },
  });
}

function event({ at, source, line, seq }: LogLine): string {
  const ts = new Date(at).toISOString();
  const id = `${ts}/${String(seq).padStart(SEQ_DIGITS, "0")}`;
  return `id: ${id}\ndata: ${JSON.stringify({ ts, source, line })}\n\n`;
}

/** False once the reader has gone. */
async function pause(signal: AbortSignal): Promise<boolean> {
  await delay(LOOK_MS, undefined, { ref: false });
  return !signal.aborted;
}
