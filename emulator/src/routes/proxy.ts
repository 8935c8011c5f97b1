import { Hono } from "hono";
import { htmlResponse } from "../http/answers";
import type { Env, Services } from "../http/services";
import { containerOf, httpPorts } from "../pods/pod-runtime";
import { forwarded, isWebSocket, onSent, relocated, webSocketRefusal } from "./forward";

const TARGET = /^\/proxy\/([a-z0-9]+)-(\d+)(\/.*)?$/;

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
    if (isWebSocket(c)) {
      return webSocketRefusal(pod.image);
    }
    const { search } = new URL(c.req.url);
    const url = `http://${podId}-${port}.proxy.runpod.net${path}${search}`;
    const answer = await container.handle(forwarded(c, url), Number(port), onSent(c));
    return relocated(c, answer, url, `/proxy/${podId}-${port}`);
  });

  return app;
}
