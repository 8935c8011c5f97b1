import { type Context, Hono } from "hono";
import { ApiError, notFound } from "../core/problem";
import { htmlResponse } from "../http/answers";
import type { Env, Services } from "../http/services";
import { type Affinity, readAffinity } from "../serverless/balancer/affinity";
import { balancedPorts, isHealthy, isMisconfigured } from "../serverless/balancer/health";
import { hold } from "../serverless/hold";
import { requestArrived } from "../serverless/life";
import { balancerOf } from "../serverless/requests";
import type { Endpoint, Worker } from "../state/endpoint";
import { forwarded, isWebSocket, webSocketRefusal } from "./forward";

const TARGET = /^\/lb\/([a-z0-9]+)(\/.*)?$/;
/** How long a request waits for a worker: https://docs.runpod.io/serverless/load-balancing/overview */
const WAIT_MS = { any: 120_000, pinned: 300_000 };
const WORKER_ID = "x-runpod-worker-id";

/** `/lb/{endpointId}/…`, for `https://{endpointId}.api.runpod.ai/…`: a server in one of the workers. */
export function loadBalancerRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.all("*", async (c) => {
    const [, id = "", path = "/"] = TARGET.exec(c.req.path) ?? [];
    const endpoint = balancedEndpoint(c, id);
    const affinity = readAffinity(c.req.header(WORKER_ID));
    const balancer = balancerOf(endpoint);
    const arrival = balancer.arrive(world.clock.now());
    requestArrived(world, endpoint);
    try {
      const ms = affinity.isStrict ? WAIT_MS.pinned : WAIT_MS.any;
      const choice = await hold(world, { ms, signal: c.req.raw.signal }, () =>
        choose(endpoint, affinity),
      );
      if (choice === undefined) {
        throw noWorker(endpoint);
      }
      if (choice === "misconfigured") {
        return htmlResponse(502);
      }
      balancer.begin(arrival, choice, world.clock.now());
      const { search } = new URL(c.req.url);
      const url = `http://${id}.api.runpod.ai${path}${search}`;
      const answer = isWebSocket(c)
        ? webSocketRefusal(choice.settings.image)
        : await answerOf(choice, forwarded(c, url, ["authorization"]));
      answer.headers.set(WORKER_ID, choice.id);
      return answer;
    } finally {
      balancer.leave(arrival, world.clock.now());
    }
  });

  return app;
}

/** The least busy healthy worker, or the one that is asked for. @throws 404 if that is gone */
async function choose(
  endpoint: Endpoint,
  { workerId, isStrict }: Affinity,
): Promise<Worker | "misconfigured" | undefined> {
  const { fleet } = endpoint;
  const wanted = fleet.find(({ id }) => id === workerId);
  if (isStrict && wanted === undefined) {
    throw new ApiError(404, "affinity_worker_gone");
  }
  const choices = isStrict ? fleet.filter((worker) => worker === wanted) : fleet;
  if (choices.some(isMisconfigured)) {
    return "misconfigured";
  }
  const byLoad = choices.toSorted((a, b) => a.busy - b.busy);
  for (const worker of wanted ? [wanted, ...byLoad] : byLoad) {
    if (await isHealthy(worker)) {
      return worker;
    }
  }
  return undefined;
}

async function answerOf({ container, settings }: Worker, request: Request): Promise<Response> {
  const { port } = balancedPorts(settings);
  return container?.listening(port) ? container.handle(request, port) : htmlResponse(502);
}

function noWorker({ fleet }: Endpoint): ApiError {
  const detail = fleet.length === 0 ? "no workers available" : "timed out waiting for worker";
  return new ApiError(400, detail);
}

function balancedEndpoint(c: Context<Env>, id: string): Endpoint {
  const endpoint = c.get("account").endpoints.find(id);
  if (!endpoint) {
    throw notFound("endpoint", id);
  }
  if (endpoint.type !== "LOAD_BALANCER") {
    throw new ApiError(400, "not allowed for QB API");
  }
  return endpoint;
}
