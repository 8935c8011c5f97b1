import type { MiddlewareHandler } from "hono";
import { ApiError } from "../core/problem";
import { errorResponse } from "../http/answers";
import type { Env, Services } from "../http/services";
import { isPassedOn } from "./record";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Answers once what the answer shows is kept: a request that may have changed something, and a read
 * that may have seen such a change.
 */
export function keep({ saved }: Services): MiddlewareHandler<Env> {
  let changing = 0;
  return async (c, next) => {
    const { method, path } = c.req;
    if (isPassedOn(path)) {
      return next();
    }
    const mayChange = !READS.has(method);
    if (mayChange) {
      changing += 1;
    }
    try {
      await next();
      const problem = changing > 0 ? await saved().catch(notKept) : undefined;
      const wasCut = c.get("entry").status === 0;
      if (problem && !wasCut) {
        c.res = errorResponse(path, problem);
      }
    } finally {
      if (mayChange) {
        changing -= 1;
      }
    }
  };
}

function notKept({ message }: Error): ApiError {
  return new ApiError(507, `the emulator cannot write its state file: ${message}`);
}
