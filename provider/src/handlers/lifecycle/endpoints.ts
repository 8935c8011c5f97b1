import type { Endpoint } from "../../api";
import type { TokenedKind } from "./tokened";

/** Serverless endpoints, as objects that carry their creation token. */
export const ENDPOINTS: TokenedKind<Endpoint> = {
  kind: "ServerlessEndpoint",
  noun: "endpoint",
  objects: ({ endpoints, api }) => ({ snapshot: endpoints, api: api.endpoints }),
  isAlive: () => true,
  price: workersText,
  bill: endpointBill,
  remove: ({ api }, { id }) => api.endpoints.delete(id),
};

/** How many workers an endpoint has, which decides its price. */
function workersText({ workers }: Pick<Endpoint, "workers">): string {
  const { min, max } = workers ?? {};
  return min === undefined || max === undefined ? "workers unknown" : `${min} to ${max} workers`;
}

/** What an endpoint costs while it exists, to follow "is". */
export function endpointBill({ workers }: Pick<Endpoint, "workers">): string {
  const min = workers?.min ?? 0;
  return min > 0
    ? `billed for ${min} always-on ${min === 1 ? "worker" : "workers"}, and for each worker that a job starts`
    : "billed for each worker that a job starts";
}
