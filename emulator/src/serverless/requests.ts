import type { Endpoint, Requests } from "../state/endpoint";
import type { World } from "../state/world";

/** What makes the requests of an endpoint's type. */
export function requestsOf(_world: World, _endpoint: Endpoint): Requests {
  return NO_REQUESTS;
}

const NO_REQUESTS: Requests = {
  waiting: () => [],
  inProgress: () => 0,
  nextEventAt: () => Number.POSITIVE_INFINITY,
  advanceTo: () => {},
  workerReady: () => {},
  workerGone: () => {},
  close: () => {},
};
