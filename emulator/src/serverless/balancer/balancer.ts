import type { Endpoint, Requests, Worker } from "../../state/endpoint";
import { beginRequest, endRequest } from "../occupancy";

/** A request that holds its connection until a worker answers. */
export interface Arrival {
  readonly at: number;
}

/** The open requests of a load-balancing endpoint, which has no queue. */
export class Balancer implements Requests {
  private readonly arrivals = new Set<Arrival>();
  private readonly open = new Map<Arrival, Worker>();

  constructor(private readonly endpoint: Endpoint) {}

  /** The request waits for a worker. */
  arrive(at: number): Arrival {
    const arrival = { at };
    this.arrivals.add(arrival);
    return arrival;
  }

  begin(arrival: Arrival, worker: Worker): void {
    this.arrivals.delete(arrival);
    this.open.set(arrival, worker);
    beginRequest(worker);
  }

  /** The request is answered, or was given up. */
  leave(arrival: Arrival, at: number): void {
    this.arrivals.delete(arrival);
    const worker = this.open.get(arrival);
    if (worker && this.open.delete(arrival)) {
      endRequest(this.endpoint, worker, at);
    }
  }

  waiting(): readonly number[] {
    return [...this.arrivals].map(({ at }) => at);
  }

  inProgress(): number {
    return this.open.size;
  }

  nextEventAt(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Requests end in real time, when the server in the worker has answered. */
  advanceTo(): void {}

  /** Waiting requests look for themselves. */
  workerReady(): void {}

  workerGone(worker: Worker): void {
    for (const [arrival, its] of this.open) {
      if (its === worker) {
        this.open.delete(arrival);
      }
    }
  }

  close(): void {
    this.arrivals.clear();
    this.open.clear();
  }
}
