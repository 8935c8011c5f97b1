import type { Context, MiddlewareHandler } from "hono";
import { ApiError } from "../core/problem";
import { errorResponse } from "../http/answers";
import { allows, allowsRest } from "../http/key-rights";
import type { Env, Services } from "../http/services";
import { checkSize } from "../objects/checks";
import { accountOf } from "../state/store";

/** Checks the size, then the key, then the rate limit, in the order of RunPod's REST APIs. */
export function guardRest(services: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    checkSize(c.get("text") ?? "");
    const key = authenticate(services, c, bearer(c));
    const limit = services.limiter?.take(key);
    if (limit?.exceeded) {
      const { name, retryAfter } = limit.exceeded;
      const refusal = new ApiError(429, `rate limit exceeded for the ${name} window`);
      c.res = errorResponse(c.req.path, refusal, { "retry-after": String(retryAfter) });
    } else if (!allowsRest(c.get("rights"), c.req.method, c.req.path)) {
      c.res = errorResponse(c.req.path, new ApiError(403, "access denied"));
    } else {
      await next();
    }
    for (const [header, value] of Object.entries(limit?.headers ?? {})) {
      c.res.headers.set(header, value);
    }
  };
}

/** The job API and load balancers take the key with or without `Bearer`. */
export function guardServerless(services: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const key = /^(?:Bearer\s+)?(\S+)$/i.exec(c.req.header("authorization")?.trim() ?? "")?.[1];
    if (key === undefined || /^Bearer$/i.test(key)) {
      throw new ApiError(401, "no token provided");
    }
    authenticate(services, c, key);
    const action = READS.has(c.req.method) && !WORKS.test(c.req.path) ? "read" : "write";
    if (!allows(c.get("rights"), "serverless", action)) {
      throw new ApiError(403, "access denied");
    }
    await next();
  };
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);
/** Whatever the method, a worker does something for these, and is billed. */
const WORKS = /^\/lb\/|^\/serverless\/v2\/[^/]+\/openai\//;

/** GraphQL also accepts the key in the query, has no rate limit, and refuses a missing key by the fields. */
export function guardGraphql(services: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const key = bearer(c) ?? c.req.query("api_key");
    if (key !== undefined) {
      authenticate(services, c, key);
    }
    await next();
  };
}

export function missingKey(): ApiError {
  return new ApiError(401, "missing bearer token");
}

/** @returns the key */
function authenticate(services: Services, c: Context<Env>, key: string | null): string {
  if (key === null) {
    throw missingKey();
  }
  const { world, keyRights } = services;
  const rights = (Object.hasOwn(keyRights, key) && keyRights[key]) || null;
  const account = rights ? world.store.accounts[0] : accountOf(world.store, key);
  if (!account) {
    throw new ApiError(401, "invalid API key");
  }
  c.set("account", account);
  c.set("rights", rights);
  return key;
}

function bearer(c: Context<Env>): string | null {
  return /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
}
