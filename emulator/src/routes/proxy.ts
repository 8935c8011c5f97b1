import { type Context, Hono } from "hono";
import { findImage } from "../containers/images";
import { htmlResponse } from "../http/answers";
import type { Env, Services } from "../http/services";
import { containerOf, httpPorts } from "../pods/pod-runtime";

const TARGET = /^\/proxy\/([a-z0-9]+)-(\d+)(\/.*)?$/;
/** Headers that belong to the connection and are not forwarded. */
const HOP_BY_HOP = ["connection", "host", "keep-alive", "transfer-encoding", "upgrade"];

/** `/proxy/{podId}-{port}/…`, for `https://{podId}-{port}.proxy.runpod.net/…`: public, without a key. */
export function proxyRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.all("*", async (c) => {
    const [, podId = "", port = "", path = "/"] = TARGET.exec(c.req.path) ?? [];
    const account = world.store.accounts.find(({ pods }) => pods.find(podId));
    const pod = account?.pods.find(podId);
    if (!account || !pod || !httpPorts(pod.ports).includes(Number(port))) {
      return htmlResponse(404);
    }
    const container = containerOf(world, account, pod);
    if (!container?.listening(Number(port))) {
      return htmlResponse(502);
    }
    if (c.req.header("upgrade")?.toLowerCase() === "websocket") {
      return webSocketRefusal(pod.image);
    }
    const { search } = new URL(c.req.url);
    const url = `http://${podId}-${port}.proxy.runpod.net${path}${search}`;
    return container.handle(forwarded(c, url), Number(port));
  });

  return app;
}

/** No emulated server has routes for WebSockets: uvicorn refuses them with 403, others find nothing. */
function webSocketRefusal(image: string): Response {
  const isUvicorn = ["vllm", "sglang"].includes(findImage(image).family);
  return new Response("", { status: isUvicorn ? 403 : 404 });
}

function forwarded(c: Context<Env>, url: string): Request {
  const { method, headers: received, signal } = c.req.raw;
  const headers = new Headers(received);
  for (const header of HOP_BY_HOP) {
    headers.delete(header);
  }
  const body = c.get("bytes");
  return new Request(url, { method, headers, signal, ...(body?.length && { body }) });
}
