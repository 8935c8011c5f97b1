import type { MiddlewareHandler } from "hono";
import { ApiError, problemResponse } from "../core/problem";
import type { Env } from "../http/services";

/** As `URL` writes them. No name that others could point to this machine. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|(?:.+\.)?localhost|\[::1\])$/;

/**
 * Refuses requests that another web page could send: through a host name that points to this
 * machine (`Host`, 421), or from its own origin (`Origin`, `Sec-Fetch-Site`, 403). Programs do not
 * send the last two.
 */
export function refuseForeign(): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { host, origin, "sec-fetch-site": site = "none" } = c.env.incoming.headers;
    const url = new URL(c.req.url);
    // A request line may contain a whole URL, whose host takes precedence over the header's.
    if (!LOOPBACK.test(url.hostname) || !LOOPBACK.test(hostnameOf(host))) {
      return refuse(421, `Host ${host} is not a name of this machine. Use 127.0.0.1 or localhost.`);
    }
    if (origin !== undefined && origin !== url.origin) {
      return refuse(403, `Origin ${origin} is not this emulator. ${REMEDY}`);
    }
    if (site !== "none" && site !== "same-origin") {
      return refuse(403, `Sec-Fetch-Site ${site} is a request from another web page. ${REMEDY}`);
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
