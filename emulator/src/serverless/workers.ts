import { randomId, seededRandom } from "../core/random";
import { bootOf } from "../pods/boot";
import { keepLateLogs } from "../pods/late-logs";
import { settle } from "../pods/pod-runtime";
import type { ContainerSettings } from "../state/container-command";
import type { Endpoint, Worker, WorkerPhase } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { releaseMachine, takeMachine } from "./placement";
import { requestsOf } from "./requests";
import { billWorker } from "./worker-bill";
import { containerAt, isServing, workerLogs } from "./worker-container";

const ID_LENGTH = 14;
/** How long FlashBoot takes to resume a worker that ran before (virtual milliseconds). */
const RESUME_MS = { FLASHBOOT: 2_000, PRIORITY_FLASHBOOT: 500 };
/** A worker that does not serve by then is unhealthy: a queue's after seven minutes, unless it says otherwise. */
const QUEUE_INIT_S = 420;
const BALANCER_INIT_S = 480;
/** Machines kept beyond the most workers that an endpoint may have. */
const SPARE_HOSTS = 2;

/** One more worker, on a machine if there is one. @param id of a former worker that comes back */
export function hireWorker(
  world: World,
  account: Account,
  endpoint: Endpoint,
  at: number,
  id?: string,
): void {
  endpoint.hired += 1;
  const { image, command, disk, ports, env, registry } = endpoint;
  const settings: ContainerSettings = { image, command, disk, ports, env, registry };
  const random = seededRandom(world.options.seed, "worker", endpoint.id, endpoint.hired);
  const worker: Worker = {
    id: id ?? randomId(random, ID_LENGTH),
    number: endpoint.hired,
    version: endpoint.version,
    settings,
    phase: "throttled",
    since: at,
    place: null,
    startedAt: null,
    imageCached: false,
    boot: {},
    readyFrom: at,
    ahead: 0,
    container: null,
    busy: 0,
    leaving: false,
    idleSince: null,
    billedSince: null,
  };
  endpoint.fleet.push(worker);
  placeWorker(world, account, endpoint, worker, at);
}

/** Starts a worker again that was scaled down, if there is room. @returns whether it can come back at all */
export function rehireWorker(
  world: World,
  account: Account,
  endpoint: Endpoint,
  id: string,
  at: number,
): boolean {
  const host = endpoint.hosts.find(
    ({ workerId, version }) => workerId === id && version === endpoint.version,
  );
  if (host && endpoint.fleet.length < endpoint.workers.max) {
    // The next worker takes the first machine that it can use.
    endpoint.hosts.sort((a, b) => Number(b === host) - Number(a === host));
    hireWorker(world, account, endpoint, at, id);
  }
  return host !== undefined;
}

/** Whether a worker that waits for a machine has got one now. */
export function placeWorker(
  world: World,
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  at: number,
): boolean {
  const taken = takeMachine(world, account, endpoint, at);
  if (taken === null) {
    return false;
  }
  const { place, host } = taken;
  const resumes = endpoint.flashboot !== "OFF" && host?.resumes === worker.version;
  const boot = bootOf(world, account, worker.settings);
  Object.assign(worker, { place, startedAt: at, imageCached: host !== null, boot });
  enterPhase(account, endpoint, worker, "pulling", at);
  if (resumes && endpoint.flashboot !== "OFF" && world.options.speed !== "instant") {
    worker.readyFrom = at + RESUME_MS[endpoint.flashboot];
  }
  if (resumes || world.options.speed === "instant") {
    const container = containerAt(world, account, endpoint, worker, at);
    if (container) {
      worker.ahead = settle(container, () => isServing(endpoint, worker, container), at, at);
    }
  }
  return true;
}

/** Does what has happened to the worker's container by `at`. */
export function advanceWorker(
  world: World,
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  at: number,
): void {
  if (worker.phase === "throttled" || worker.phase === "ready") {
    return;
  }
  const container = containerAt(world, account, endpoint, worker, at);
  if (container === null) {
    return;
  }
  const isReady = at >= worker.readyFrom && isServing(endpoint, worker, container);
  const hasFailed =
    container.status() === "error" ||
    container.restarts > 0 ||
    worker.phase === "unhealthy" ||
    (worker.phase === "starting" && at >= worker.since + initMs(endpoint, worker));
  const phase = isReady
    ? "ready"
    : hasFailed
      ? "unhealthy"
      : container.status() === "pulling"
        ? "pulling"
        : "starting";
  if (phase !== worker.phase) {
    enterPhase(account, endpoint, worker, phase, at);
  }
}

/** When the worker's container will have changed; infinite if it never does. */
export function workerEventAt(endpoint: Endpoint, worker: Worker, now: number): number {
  const { phase, container, ahead, since, readyFrom } = worker;
  if (phase === "throttled" || phase === "ready") {
    return Number.POSITIVE_INFINITY;
  }
  const next = (container?.nextEventAt() ?? Number.POSITIVE_INFINITY) - ahead;
  const times = [
    next,
    readyFrom,
    phase === "starting" ? since + initMs(endpoint, worker) : Number.POSITIVE_INFINITY,
  ];
  return Math.min(...times.filter((time) => time > now));
}

/** The worker ends, whatever it does. Its machine keeps the image, and with FlashBoot its state. */
export function dismissWorker(
  world: World,
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  at: number,
): void {
  keepLateLogs(world, account, worker.id, workerLogs(world, account, endpoint, worker, at));
  billWorker(account, endpoint, worker, null, at);
  endpoint.fleet = endpoint.fleet.filter((other) => other !== worker);
  const { place, phase, settings, version } = worker;
  if (place) {
    releaseMachine(world, place);
    if (phase === "ready") {
      const resumes = endpoint.flashboot === "OFF" ? null : version;
      const { id: workerId } = worker;
      endpoint.hosts.unshift({ place, image: settings.image, workerId, version, resumes });
      endpoint.hosts.splice(endpoint.workers.max + SPARE_HOSTS);
    }
  }
  requestsOf(world, endpoint).workerGone(worker, at);
}

function enterPhase(
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  phase: WorkerPhase,
  at: number,
): void {
  worker.phase = phase;
  worker.since = at;
  worker.idleSince = phase === "ready" ? at : null;
  billWorker(account, endpoint, worker, phase, at);
}

function initMs({ type }: Endpoint, { settings }: Worker): number {
  const asked = Number(settings.env["RUNPOD_INIT_TIMEOUT"]);
  return (type === "LOAD_BALANCER" ? BALANCER_INIT_S : asked || QUEUE_INIT_S) * 1000;
}
