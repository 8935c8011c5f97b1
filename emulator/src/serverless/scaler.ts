import type { Endpoint, Requests } from "../state/endpoint";
import { hasIdleTimeout } from "./rules";

/**
 * How many workers the endpoint's requests ask for, within its limits, as described at
 * https://docs.runpod.io/serverless/endpoints/endpoint-configurations:
 * - REQUEST_COUNT: all requests, waiting and in progress, divided by `requestCount`, rounded up;
 * - QUEUE_DELAY: one for each request that waits longer than `queueDelay`, next to the busy ones. The
 *   first request of an idle endpoint does not wait.
 */
export function wantedWorkers(endpoint: Endpoint, requests: Requests, at: number): number {
  const { scaling, fleet, workers } = endpoint;
  const { min, max } = workers;
  const waiting = requests.waiting();
  if (scaling.type === "REQUEST_COUNT") {
    const asked = Math.ceil((waiting.length + requests.inProgress()) / scaling.requestCount);
    return clamp(asked, min, max);
  }
  const busy = fleet.filter((worker) => worker.busy > 0 && !worker.leaving).length;
  const late = waiting.filter((since) => since + scaling.queueDelay * 1000 <= at).length;
  const first = waiting.length > 0 && fleet.length === 0 ? 1 : 0;
  return clamp(busy + Math.max(late, first), min, max);
}

/** When a waiting request will have waited too long; infinite if none will. */
export function nextLateAt({ scaling }: Endpoint, requests: Requests, now: number): number {
  if (scaling.type === "REQUEST_COUNT") {
    return Number.POSITIVE_INFINITY;
  }
  const delay = scaling.queueDelay * 1000;
  const next = requests.waiting().find((since) => since + delay > now);
  return next === undefined ? Number.POSITIVE_INFINITY : next + delay;
}

/** How long a worker stays without a request (milliseconds). */
export function idleMs(endpoint: Endpoint): number {
  return hasIdleTimeout(endpoint) ? endpoint.workers.idleTimeout * 1000 : 0;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
