import { closeEntry } from "../money/ledger";
import type { Endpoint, Worker } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { requestsOf } from "./requests";

/** Runs everything that is due by now, on every endpoint, in the order of time. */
export function advanceServerless(_world: World): void {}

/** A request has arrived at the endpoint now: call it after adding the request to `Requests`. */
export function requestArrived(world: World, endpoint: Endpoint): void {
  endpoint.lastRequestAt = world.clock.now();
}

/** A ready worker takes a request. */
export function beginRequest(_endpoint: Endpoint, worker: Worker, _at: number): void {
  worker.busy += 1;
  worker.idleSince = null;
}

/** One of the worker's requests has ended, in whatever way. */
export function endRequest(_endpoint: Endpoint, worker: Worker, at: number): void {
  worker.busy -= 1;
  worker.idleSince = worker.busy === 0 ? at : null;
}

/** Ends its workers and cancels its requests. */
export function deleteEndpoint(world: World, account: Account, endpoint: Endpoint): void {
  const now = world.clock.now();
  requestsOf(world, endpoint).close(now);
  account.endpoints.remove(endpoint.id);
  closeEntry(account, endpoint.entry, now);
}
