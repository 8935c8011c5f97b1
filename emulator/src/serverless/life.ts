import { closeEntry } from "../money/ledger";
import type { Endpoint, Requests, Worker } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { enforceBalances } from "./empty-balance";
import { dueAt, setDue, takesRequests } from "./occupancy";
import { requestsOf } from "./requests";
import { idleMs, nextLateAt, wantedWorkers } from "./scaler";
import { turnDown, turnsDownAt } from "./turn-down";
import { containerAt } from "./worker-container";
import { advanceWorker, dismissWorker, hireWorker, placeWorker, workerEventAt } from "./workers";

/** One endpoint at one time. */
interface Moment {
  world: World;
  account: Account;
  endpoint: Endpoint;
  requests: Requests;
  at: number;
}

/** Runs everything that is due by now, on every endpoint, in the order of time. */
export function advanceServerless(world: World): void {
  const now = world.clock.now();
  for (let due = nextDue(world); due !== null && due.at <= now; due = nextDue(world)) {
    enforceBalances(world, due.at);
    advanceTo(world, due.account, due.endpoint, due.at);
  }
  for (const { account, endpoint } of allEndpoints(world)) {
    if (lacksWorkers(world, endpoint, now)) {
      // Machines or money may have come meanwhile.
      advanceTo(world, account, endpoint, now);
    }
  }
}

/** A request has arrived at the endpoint now: call it after adding the request to `Requests`. */
export function requestArrived(world: World, endpoint: Endpoint): void {
  endpoint.activeAt = world.clock.now();
  settleEndpoint(world, endpoint);
}

/** Brings workers in line with what was changed just now. */
export function settleEndpoint(world: World, endpoint: Endpoint): void {
  setDue(endpoint, Math.min(dueAt(endpoint), world.clock.now()));
  advanceServerless(world);
}

/** Ends its workers and cancels its requests. */
export function deleteEndpoint(world: World, account: Account, endpoint: Endpoint): void {
  const now = world.clock.now();
  requestsOf(world, endpoint).close(now);
  for (const worker of endpoint.fleet) {
    dismissWorker(world, account, endpoint, worker, now);
  }
  account.endpoints.remove(endpoint.id);
  closeEntry(account, endpoint.entry, now);
}

function advanceTo(world: World, account: Account, endpoint: Endpoint, at: number): void {
  const moment = { world, account, endpoint, requests: requestsOf(world, endpoint), at };
  endpoint.advancedTo = at;
  turnDown(endpoint, at);
  for (let busy = true; busy; ) {
    moment.requests.advanceTo(at);
    for (const worker of endpoint.fleet) {
      advanceWorker(world, account, endpoint, worker, at);
    }
    const isGiven = giveRequests(moment);
    busy = scale(moment) || isGiven;
  }
  setDue(endpoint, nextEventAt(moment));
}

/** Whether a worker has taken a request: one that takes no time ends in the same moment. */
function giveRequests({ world, account, endpoint, requests, at }: Moment): boolean {
  const before = requests.inProgress();
  for (const worker of endpoint.fleet.filter(takesRequests)) {
    containerAt(world, account, endpoint, worker, at);
    requests.workerReady(worker, at);
  }
  return requests.inProgress() > before;
}

/** Ends, places and hires workers. @returns whether one of them may now do more */
function scale(moment: Moment): boolean {
  const { world, account, endpoint, requests, at } = moment;
  let changed = false;
  for (const worker of leavers(moment)) {
    worker.leaving = true;
    if (worker.busy === 0) {
      dismissWorker(world, account, endpoint, worker, at);
      changed = true;
    }
  }
  for (const worker of endpoint.fleet.filter(({ phase }) => phase === "throttled")) {
    changed = placeWorker(world, account, endpoint, worker, at) || changed;
  }
  const wanted = wantedWorkers(endpoint, requests, at);
  while (staff(endpoint).length < wanted && endpoint.fleet.length < endpoint.workers.max) {
    hireWorker(world, account, endpoint, at);
    changed = true;
  }
  return changed;
}

/** The workers that must go: stale ones, those above the maximum, and those without work. */
function leavers({ endpoint, requests, at }: Moment): Worker[] {
  const { fleet, version, workers } = endpoint;
  const stale = fleet.filter((worker) => worker.version !== version);
  const current = fleet.filter((worker) => worker.version === version && !worker.leaving);
  const excess = [...current].sort(byUse).slice(0, Math.max(0, current.length - workers.max));
  const rest = current.filter((worker) => !excess.includes(worker));
  const wanted = wantedWorkers(endpoint, requests, at);
  const least = endpoint.scaling.type === "REQUEST_COUNT" ? wanted : workers.min;
  const idle = rest
    .filter(({ idleSince }) => idleSince !== null && at - idleSince >= idleMs(endpoint))
    .slice(0, Math.max(0, rest.length - least));
  return [...stale, ...excess, ...idle, ...fleet.filter(({ leaving }) => leaving)];
}

/** The least useful first: without a machine, then not ready, then idle, then busy. */
function byUse(a: Worker, b: Worker): number {
  const use = ({ phase, busy }: Worker) =>
    phase === "ready" ? 2 + busy : phase === "throttled" ? 0 : 1;
  return use(a) - use(b);
}

function staff({ fleet }: Endpoint): Worker[] {
  return fleet.filter(({ leaving }) => !leaving);
}

function nextEventAt({ endpoint, requests, at }: Moment): number {
  const { fleet, workers } = endpoint;
  const canEnd = fleet.length > workers.min;
  const times = [
    requests.nextEventAt(),
    nextLateAt(endpoint, requests, at),
    turnsDownAt(endpoint),
    ...fleet.map((worker) => workerEventAt(endpoint, worker, at)),
    ...fleet.map(({ idleSince }) =>
      canEnd && idleSince !== null ? idleSince + idleMs(endpoint) : Number.POSITIVE_INFINITY,
    ),
  ];
  return Math.min(...times.filter((time) => time > at), Number.POSITIVE_INFINITY);
}

function lacksWorkers(world: World, endpoint: Endpoint, now: number): boolean {
  return (
    endpoint.fleet.some(({ phase }) => phase === "throttled") ||
    (endpoint.fleet.length < endpoint.workers.max &&
      wantedWorkers(endpoint, requestsOf(world, endpoint), now) > staff(endpoint).length)
  );
}

function nextDue(world: World): { account: Account; endpoint: Endpoint; at: number } | null {
  let next = null;
  for (const one of allEndpoints(world)) {
    const at = dueAt(one.endpoint);
    if (next === null || at < next.at) {
      next = { ...one, at };
    }
  }
  return next;
}

function* allEndpoints({ store }: World): Generator<{ account: Account; endpoint: Endpoint }> {
  for (const account of store.accounts) {
    for (const endpoint of account.endpoints.all()) {
      yield { account, endpoint };
    }
  }
}
