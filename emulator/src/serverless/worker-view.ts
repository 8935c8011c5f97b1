import type { ListEndpointWorkersResponse, Worker as WorkerView } from "@runpod-stack/openapi";
import type { Endpoint, Worker, WorkerPhase } from "../state/endpoint";

type WorkerStatus = "RUNNING" | "IDLE" | "INITIALIZING" | "THROTTLED" | "UNHEALTHY";

const STATUSES: Record<Exclude<WorkerPhase, "ready">, WorkerStatus> = {
  throttled: "THROTTLED",
  pulling: "INITIALIZING",
  starting: "INITIALIZING",
  unhealthy: "UNHEALTHY",
};

function workerStatus({ phase, busy }: Worker): WorkerStatus {
  return phase === "ready" ? (busy > 0 ? "RUNNING" : "IDLE") : STATUSES[phase];
}

function workerView(endpoint: Endpoint, worker: Worker, now: number): WorkerView {
  const { id, version, settings, place, startedAt } = worker;
  return {
    id,
    status: workerStatus(worker),
    isStale: version !== endpoint.version,
    version,
    image: settings.image,
    gpuCount: place?.gpuCount ?? endpoint.gpu?.count ?? 0,
    gpuTypeId: place && endpoint.gpu ? place.computeId : null,
    dataCenterId: place?.dataCenterId ?? null,
    startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
    uptimeSeconds: startedAt === null ? null : Math.max(0, Math.floor((now - startedAt) / 1000)),
  };
}

/** The workers as the job API's `/health` counts them. */
export function healthWorkers({ fleet }: Endpoint) {
  const count = (status: WorkerStatus) =>
    fleet.filter((worker) => workerStatus(worker) === status).length;
  return {
    idle: count("IDLE"),
    initializing: count("INITIALIZING"),
    ready: count("IDLE"),
    running: count("RUNNING"),
    throttled: count("THROTTLED"),
    unhealthy: count("UNHEALTHY"),
  };
}

export function workersView(endpoint: Endpoint, now: number): ListEndpointWorkersResponse {
  const { fleet, version } = endpoint;
  const count = (status: WorkerStatus) =>
    fleet.filter((worker) => workerStatus(worker) === status).length;
  return {
    workers: fleet.map((worker) => workerView(endpoint, worker, now)),
    summary: {
      running: count("RUNNING"),
      idle: count("IDLE"),
      initializing: count("INITIALIZING"),
      throttled: count("THROTTLED"),
      unhealthy: count("UNHEALTHY"),
      total: fleet.length,
    },
    endpointVersion: version,
  };
}
