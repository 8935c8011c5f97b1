import type { MiddlewareHandler } from "hono";
import { ApiError, problemResponse } from "../core/problem";
import type { Env } from "../http/services";

/** As `URL` writes them: no name that somebody else could point to this machine. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|(?:.+\.)?localhost|\[::1\])$/;

/**
 * Refuses what a web page of someone else could send: by a name of theirs that leads to this machine
 * (`Host`, 421), or from their own origin (`Origin`, `Sec-Fetch-Site`, 403). Programs send neither of the last two.
 */
export function refuseForeign(): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { host, origin, "sec-fetch-site": site = "none" } = c.env.incoming.headers;
    const url = new URL(c.req.url);
    // A request line may carry a whole URL, whose host stands before the header's.
    if (!LOOPBACK.test(url.hostname) || !LOOPBACK.test(hostnameOf(host))) {
      return refuse(421, `Host ${host} is not a name of this machine. Use 127.0.0.1 or localhost.`);
    }
    if (origin !== undefined && origin !== url.origin) {
      return refuse(403, `Origin ${origin} is another web page's. ${REMEDY}`);
    }
    if (site !== "none" && site !== "same-origin") {
      return refuse(403, `Sec-Fetch-Site ${site} is another web page's request. ${REMEDY}`);
    }
    return next();
  };
}

const REMEDY = "Send the request from a program instead of a web page.";

function hostnameOf(host: string | undefined): string {
  const url = `http://${host}`;
  return host !== undefined && URL.canParse(url) ? new URL(url).hostname : "";
}

function refuse(status: number, detail: string): Response {
  return problemResponse(new ApiError(status, detail));
}
