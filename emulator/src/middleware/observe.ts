import { randomUUID } from "node:crypto";
import { safe } from "@runpod-stack/kit";
import type { MiddlewareHandler } from "hono";
import type { RequestEntry } from "../request-log";
import type { Env, Services } from "../services";

/** Longer bodies are not written down: a log of thousands must fit into memory. */
const MAX_KEPT_BODY = 20_000;
const BODILESS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Gives every answer its request id and the date of the emulated machines, and writes every request down. */
export function observe({ world, requests, log, changed }: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { method, path } = c.req;
    const query = /\?(.+)/.exec(c.req.url)?.[1];
    const entry: RequestEntry = {
      at: new Date(world.clock.wall()).toISOString(),
      method,
      path,
      ...(query && { query }),
      status: null,
      client: c.req.header("user-agent") ?? "",
    };
    c.set("entry", entry);
    c.env.outgoing.setHeader("x-request-id", randomUUID());
    c.env.outgoing.setHeader("date", new Date(world.clock.now()).toUTCString());
    if (!path.startsWith("/_emulator/")) {
      requests.add(entry);
    }
    // A proxied body may be a stream of any length, and is nobody's business.
    if (!BODILESS.has(method) && !path.startsWith("/proxy/")) {
      const text = await c.req.text();
      c.set("text", text);
      c.set("body", parse(text));
      if (text !== "" && text.length <= MAX_KEPT_BODY) {
        entry.body = c.get("body") ?? text;
      }
    }
    await next();
    entry.status ??= c.res.status;
    log(
      safe`${entry.at} ${method} ${sentPath(c.req.url)} ${entry.status || "cut"} ${entry.client}`,
    );
    if (!BODILESS.has(method)) {
      changed();
    }
  };
}

/** The path as it was sent, percent-encoded. */
function sentPath(url: string): string {
  return url.slice(url.indexOf("/", "https://".length)).replace(/[?#].*/s, "");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
