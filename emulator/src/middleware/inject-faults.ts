import { setTimeout as delay } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { ApiError, CAPACITY_DETAIL, MACHINE_DETAIL } from "../core/problem";
import { blockedResponse, errorResponse, htmlResponse } from "../http/answers";
import type { FaultKind } from "../http/faults";
import type { Env, Services } from "../http/services";

/** Applies the faults that were set through the control plane. */
export function injectFaults({ faults }: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const hits = faults.hits(c.req.method, c.req.path);
    if (hits.length === 0) {
      return next();
    }
    const instead = hits.map((hit) => insteadOf(c, hit)).find((response) => response !== undefined);
    if (instead) {
      replace(c, instead);
    } else {
      shortenPage(c, hits);
      await next();
    }
    // This comes first, before anyone else can read the collection.
    for (const hit of hits) {
      lagBehind(c, hit);
    }
    for (const hit of hits) {
      await spoil(c, hit);
    }
  };
}

/** Answers without handling the request. */
function insteadOf(c: Context<Env>, hit: FaultKind): Response | undefined {
  if (hit.kind === "reset" && hit.when === "before") {
    return cut(c);
  }
  if (hit.kind === "status" && hit.when === "before") {
    return errorResponse(c.req.path, injected(hit.code));
  }
  if (hit.kind === "html") {
    return htmlResponse(hit.code);
  }
  if (hit.kind === "capacity") {
    const detail = hit.code === 400 ? CAPACITY_DETAIL : MACHINE_DETAIL;
    return errorResponse(c.req.path, new ApiError(hit.code, detail));
  }
  if (hit.kind === "cloudflare") {
    return blockedResponse();
  }
  return undefined;
}

function shortenPage(c: Context<Env>, hits: readonly FaultKind[]): void {
  for (const hit of hits) {
    if (hit.kind === "page") {
      c.set("mostOnPage", hit.most);
    }
  }
}

function lagBehind(c: Context<Env>, hit: FaultKind): void {
  if (hit.kind === "lag") {
    c.get("touched")?.hide?.(hit.ms, hit.scope);
  } else if (hit.kind === "delete-lag") {
    c.get("touched")?.linger?.(hit.ms);
  }
}

/** Applies the faults that change the answer. */
async function spoil(c: Context<Env>, hit: FaultKind): Promise<void> {
  if (hit.kind === "slow") {
    await delay(hit.ms, undefined, { ref: false });
  } else if (hit.kind === "reset" && hit.when === "after") {
    replace(c, cut(c));
  } else if (hit.kind === "status" && hit.when === "after") {
    replace(c, errorResponse(c.req.path, injected(hit.code)));
  } else if (hit.kind === "truncate") {
    await truncate(c, hit.bytes);
  }
}

function injected(code: number): ApiError {
  return new ApiError(code, `fault injected by the emulator: status ${code}`);
}

/** Cuts the connection without an answer. */
function cut(c: Context<Env>): Response {
  c.get("entry").status = 0;
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** Announces the length of the whole body and sends its beginning. */
async function truncate(c: Context<Env>, bytes: number): Promise<void> {
  const { outgoing } = c.env;
  const { status, headers } = c.res;
  const body = Buffer.from(await c.res.arrayBuffer());
  outgoing.writeHead(status, {
    ...Object.fromEntries(headers),
    "content-length": body.length,
  });
  outgoing.flushHeaders();
  await new Promise<void>((resolve) => outgoing.write(body.subarray(0, bytes), () => resolve()));
  outgoing.destroy();
  c.get("entry").status = status;
  replace(c, RESPONSE_ALREADY_SENT);
}

/** Assigning `c.res` alone would mix the old headers into the new answer. */
function replace(c: Context<Env>, response: Response): void {
  c.res = undefined;
  c.res = response;
}
