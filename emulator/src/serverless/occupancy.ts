import type { Endpoint, Worker } from "../state/endpoint";

/** When something is next due at an endpoint (virtual milliseconds). */
const DUE = new WeakMap<Endpoint, number>();

/** After a restart, everything since the endpoint was last advanced is due. */
export function dueAt(endpoint: Endpoint): number {
  return DUE.get(endpoint) ?? endpoint.advancedTo;
}

export function setDue(endpoint: Endpoint, at: number): void {
  DUE.set(endpoint, at);
}

/** Whether a worker may be given a request. */
export function takesRequests({ phase, leaving }: Worker): boolean {
  return phase === "ready" && !leaving;
}

/** A ready worker takes a request. */
export function beginRequest(worker: Worker): void {
  worker.busy += 1;
  worker.idleSince = null;
}

/** One of the worker's requests has ended, in whatever way. */
export function endRequest(endpoint: Endpoint, worker: Worker, at: number): void {
  worker.busy -= 1;
  worker.idleSince = worker.busy === 0 ? at : null;
  setDue(endpoint, Math.min(dueAt(endpoint), at));
}
