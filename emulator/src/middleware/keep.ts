import type { MiddlewareHandler } from "hono";
import { ApiError } from "../core/problem";
import { errorResponse } from "../http/answers";
import type { Env, Services } from "../http/services";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Answers a request that may have changed something once the change is kept. */
export function keep({ saved }: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const { method, path } = c.req;
    if (READS.has(method) || path.startsWith("/proxy/")) return;
    try {
      await saved();
    } catch (error) {
      const wasCut = c.get("entry").status === 0;
      if (!wasCut) c.res = errorResponse(path, notKept(error as Error));
    }
  };
}

function notKept({ message }: Error): ApiError {
  return new ApiError(507, `the emulator cannot write its state file: ${message}`);
}
