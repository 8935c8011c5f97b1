import { ApiError, notFound } from "../core/problem";
import { balanceOf } from "../money/balance";
import type { Endpoint } from "../state/endpoint";
import type { Account, NetworkVolume } from "../state/store";
import type { World } from "../state/world";

/** How many workers all endpoints of an account may have together, by its balance. */
const QUOTAS: readonly (readonly [dollars: number, workers: number])[] = [
  [900, 60],
  [700, 50],
  [500, 40],
  [300, 30],
  [200, 20],
  [100, 10],
  [Number.NEGATIVE_INFINITY, 5],
];

type Scaled = Pick<Endpoint, "type" | "scaling" | "workers">;

/** @throws 422 where a scaler or `idleTimeout` does not suit the type, 400 for a minimum above the maximum */
export function checkScaling({ type, scaling, workers }: Scaled, idleTimeout?: number): void {
  if (type === "LOAD_BALANCER" && scaling.type === "QUEUE_DELAY") {
    throw new ApiError(422, "Request validation failed.", [
      "$.scaling.type: load-balancing endpoints scale on REQUEST_COUNT only",
    ]);
  }
  if (idleTimeout !== undefined && !hasIdleTimeout({ type, scaling })) {
    throw new ApiError(
      422,
      "idleTimeout does not apply to queue-based endpoints scaling on requestCount",
    );
  }
  if (workers.min > workers.max) {
    throw new ApiError(
      400,
      `workers.min ${workers.min} must not be greater than workers.max ${workers.max}`,
    );
  }
}

/** Whether workers stay for a time after their last request. */
export function hasIdleTimeout({ type, scaling }: Pick<Endpoint, "type" | "scaling">): boolean {
  return type === "LOAD_BALANCER" || scaling.type === "QUEUE_DELAY";
}

/** @throws 400 if all endpoints together may have more workers than the balance allows */
export function checkQuota(world: World, account: Account, max: number, except?: Endpoint): void {
  const others = [...account.endpoints.peek()]
    .filter((endpoint) => endpoint !== except)
    .reduce((sum, { workers }) => sum + workers.max, 0);
  const quota = workerQuota(balanceOf(account, world.clock.now()));
  if (others + max > quota && max > (except?.workers.max ?? 0)) {
    throw new ApiError(
      400,
      `max workers across all endpoints must not exceed your worker quota of ${quota}: ${others} are allocated to other endpoints and ${max} were requested. Reduce workers.max, or add funds to raise the quota.`,
    );
  }
}

function workerQuota(balance: number): number {
  return QUOTAS.find(([dollars]) => balance >= dollars)?.[1] ?? 0;
}

type Storage = Pick<Endpoint, "networkVolumes" | "globalVolumes" | "dataCenterIds" | "gpu">;

/** @throws 404 for an unknown volume, 400 for volumes that cannot be mounted together */
export function checkVolumes(account: Account, storage: Storage): void {
  const { networkVolumes, globalVolumes, dataCenterIds, gpu } = storage;
  if (globalVolumes.length > 0 && networkVolumes.length > 0) {
    throw new ApiError(400, "globalVolumes and networkVolumes are mutually exclusive");
  }
  if (globalVolumes.length > 0 && !gpu) {
    throw new ApiError(400, "globalVolumes are not supported on CPU endpoints");
  }
  const unknown = globalVolumes.find((id) => !account.globalVolumes.find(id));
  if (unknown !== undefined) {
    throw notFound("global volume", unknown);
  }
  const volumes = networkVolumes.map((id) => networkVolume(account, id));
  const used = new Set<string>();
  for (const { id, dataCenter } of volumes) {
    if (used.has(dataCenter)) {
      throw new ApiError(
        400,
        `at most one network volume per data center is allowed: "${id}" is a second one in ${dataCenter}`,
      );
    }
    used.add(dataCenter);
  }
  if (volumes.length > 0 && !allowedDataCenters(account, storage)?.length) {
    throw new ApiError(
      400,
      `no network volume is in one of dataCenterIds ${dataCenterIds.join(", ")}`,
    );
  }
}

/** Where workers may run; null for anywhere. Network volumes confine them to their data centers. */
export function allowedDataCenters(
  account: Account,
  { networkVolumes, dataCenterIds }: Pick<Endpoint, "networkVolumes" | "dataCenterIds">,
): string[] | null {
  const preferred = dataCenterIds.length > 0 ? dataCenterIds : null;
  if (networkVolumes.length === 0) {
    return preferred;
  }
  return networkVolumes
    .flatMap((id) => account.networkVolumes.find(id)?.dataCenter ?? [])
    .filter((id) => preferred === null || preferred.includes(id));
}

function networkVolume(account: Account, id: string): NetworkVolume {
  const volume = account.networkVolumes.find(id);
  if (!volume) {
    throw notFound("network volume", id);
  }
  return volume;
}
