import { randomUUID } from "node:crypto";
import { foreign, join, trusted } from "@runpod-stack/kit";
import type { MiddlewareHandler } from "hono";
import type { RequestEntry } from "../http/request-log";
import type { Env, Services } from "../http/services";

/** Gives every answer its request id and the date of the emulated machines, and logs every request. */
export function observe({ world, log }: Services): MiddlewareHandler<Env> {
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
    await next();
    entry.status ??= c.res.status;
    const [rawPath] = (c.env.incoming.url ?? "").split("?");
    const [at, end] = [trusted(entry.at), trusted(`${entry.status || "cut"}`)];
    // Masking is the larger part of the work: as few parts as possible pass it.
    log(join([at, foreign(`${method} ${rawPath}`), end, foreign(entry.client)], " "));
  };
}
