import type { Context } from "hono";
import { findImage } from "../containers/images";
import type { OnSent } from "../containers/in-flight";
import type { Env } from "../http/services";

/** Headers that belong to the connection and are not forwarded. */
const HOP_BY_HOP = ["connection", "host", "keep-alive", "transfer-encoding", "upgrade"];

/** Calls back once the client has its answer, also after a fault, or is gone. */
export function onSent(c: Context<Env>): OnSent {
  const { outgoing } = c.env;
  return (listener) => {
    outgoing.once("finish", listener).once("close", listener);
  };
}

/** The request as a server in a container receives it, without the headers in `except`. */
export function forwarded(c: Context<Env>, url: string, except: readonly string[] = []): Request {
  const { method, headers: received, signal } = c.req.raw;
  const headers = new Headers(received);
  for (const header of [...HOP_BY_HOP, ...except]) {
    headers.delete(header);
  }
  const body = c.get("bytes");
  return new Request(url, { method, headers, signal, ...(body?.length && { body }) });
}

/**
 * The answer as the client must see it: a redirect within the public host, by which `base` stands on
 * this emulator, stays on the address that the client used.
 */
export function relocated(c: Context<Env>, answer: Response, sent: string, base: string): Response {
  const location = answer.headers.get("location");
  const target = location !== null && URL.canParse(location, sent) ? new URL(location, sent) : null;
  if (target?.hostname === new URL(sent).hostname) {
    const { pathname, search, hash } = target;
    answer.headers.set("location", new URL(c.req.url).origin + base + pathname + search + hash);
  }
  return answer;
}

export function isWebSocket(c: Context<Env>): boolean {
  return c.req.header("upgrade")?.toLowerCase() === "websocket";
}

/** No emulated server has routes for WebSockets: uvicorn refuses them with 403, others find nothing. */
export function webSocketRefusal(image: string): Response {
  const isUvicorn = ["vllm", "sglang"].includes(findImage(image).family);
  return new Response("", { status: isUvicorn ? 403 : 404 });
}
