import type { MiddlewareHandler } from "hono";
import { ApiError } from "../core/problem";
import { errorResponse } from "../http/answers";
import type { Env, Services } from "../http/services";

/**
 * Answers once what the answer shows is kept: any request may find that something has ended
 * meanwhile, and a load balancer's may start a worker.
 */
export function keep({ saved }: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const problem = await saved().catch(notKept);
    const wasCut = c.get("entry").status === 0;
    if (problem && !wasCut) {
      c.res = errorResponse(c.req.path, problem);
    }
  };
}

function notKept({ message }: Error): ApiError {
  return new ApiError(507, `the emulator cannot write its state file: ${message}`);
}
