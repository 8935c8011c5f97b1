import { type Context, Hono } from "hono";
import type { OnSent } from "../containers/in-flight";
import { ApiError } from "../core/problem";
import { htmlResponse } from "../http/answers";
import type { Env, Services } from "../http/services";
import { readAffinity } from "../serverless/balancer/affinity";
import { checkAffinity, chooseWorker } from "../serverless/balancer/choose-worker";
import { endpointOfType } from "../serverless/create";
import { hold } from "../serverless/hold";
import { requestArrived } from "../serverless/life";
import { balancerOf } from "../serverless/requests";
import { servicePort } from "../serverless/worker-container";
import type { Endpoint, Worker } from "../state/endpoint";
import { forwarded, isWebSocket, onSent, relocated, webSocketRefusal } from "./forward";

const TARGET = /^\/lb\/([a-z0-9]+)(\/.*)?$/;
/** How long a request waits for a worker, and for the only one that will do. */
const WAIT_MS = { any: 120_000, one: 300_000 };
const WORKER_ID = "x-runpod-worker-id";

/**
 * `/lb/{endpointId}/…`, for `https://{endpointId}.api.runpod.ai/…`: a server in one of the workers, by
 * https://docs.runpod.io/serverless/load-balancing/overview
 */
export function loadBalancerRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.all("*", async (c) => {
    const [, id = "", path = "/"] = TARGET.exec(c.req.path) ?? [];
    const endpoint = endpointOfType(c.get("account"), id, "LOAD_BALANCER");
    const affinity = readAffinity(c.req.header(WORKER_ID));
    const patience = {
      ms: affinity.isStrict ? WAIT_MS.one : WAIT_MS.any,
      signal: c.req.raw.signal,
    };
    checkAffinity(world, c.get("account"), endpoint, affinity);
    const balancer = balancerOf(endpoint);
    const arrival = balancer.arrive(world.clock.now());
    requestArrived(world, endpoint);
    try {
      const worker = await hold(world, patience, () =>
        chooseWorker(world, c.get("account"), endpoint, affinity),
      );
      if (worker === undefined) {
        throw noWorker(endpoint);
      }
      if (worker === "misconfigured") {
        return htmlResponse(502);
      }
      balancer.begin(arrival, worker);
      const request = toWorker(c, id, path);
      const answer = isWebSocket(c)
        ? webSocketRefusal(worker.settings.image)
        : relocated(c, await pass(worker, request, onSent(c)), request.url, `/lb/${id}`);
      answer.headers.set(WORKER_ID, worker.id);
      return answer;
    } finally {
      balancer.leave(arrival, world.clock.now());
    }
  });

  return app;
}

/** The key stays with the load balancer. */
function toWorker(c: Context<Env>, endpointId: string, path: string): Request {
  const { search } = new URL(c.req.url);
  return forwarded(c, `http://${endpointId}.api.runpod.ai${path}${search}`, ["authorization"]);
}

async function pass(
  { container, settings }: Worker,
  request: Request,
  sent: OnSent,
): Promise<Response> {
  const port = servicePort(settings);
  return container?.listening(port) ? container.handle(request, port, sent) : htmlResponse(502);
}

function noWorker({ fleet }: Endpoint): ApiError {
  const detail = fleet.length === 0 ? "no workers available" : "timed out waiting for worker";
  return new ApiError(400, detail);
}
