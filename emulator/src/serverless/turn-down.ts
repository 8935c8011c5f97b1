import type { Endpoint } from "../state/endpoint";

const DAY_MS = 86_400_000;
/** Days without a request, and how many workers the platform then allows. */
const STEPS = [
  { days: 3, max: 2 },
  { days: 7, max: 0 },
];
/** RunPod gives no number for this. */
const UNHEALTHY_DAYS = 7;

/**
 * What the platform itself does to an endpoint that is not used, or whose worker does not recover:
 * https://docs.runpod.io/serverless/endpoints/endpoint-configurations#idle-endpoint-scale-down. It stays so until someone sets the limits.
 */
export function turnDown(endpoint: Endpoint, at: number): void {
  for (const { days, max } of STEPS) {
    if (at >= endpoint.activeAt + days * DAY_MS) {
      limitWorkers(endpoint, max);
    }
  }
  if (unhealthySince(endpoint) + UNHEALTHY_DAYS * DAY_MS <= at) {
    limitWorkers(endpoint, 0);
  }
}

/** When it will do so next; infinite if there is nothing left to turn down. */
export function turnsDownAt(endpoint: Endpoint): number {
  if (endpoint.workers.max === 0) {
    return Number.POSITIVE_INFINITY;
  }
  const step = STEPS.find(({ max }) => endpoint.workers.max > max);
  return Math.min(
    endpoint.activeAt + (step?.days ?? 0) * DAY_MS,
    unhealthySince(endpoint) + UNHEALTHY_DAYS * DAY_MS,
  );
}

function limitWorkers({ workers }: Endpoint, most: number): void {
  workers.max = Math.min(workers.max, most);
  workers.min = Math.min(workers.min, workers.max);
}

function unhealthySince({ fleet }: Endpoint): number {
  const times = fleet.filter(({ phase }) => phase === "unhealthy").map(({ since }) => since);
  return Math.min(...times, Number.POSITIVE_INFINITY);
}
