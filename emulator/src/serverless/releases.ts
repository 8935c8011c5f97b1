import type { ListEndpointReleasesResponse } from "@runpod-stack/openapi";
import type { Endpoint, Release } from "../state/endpoint";
import { newIdentity, type World } from "../state/world";

const ID_LENGTH = 25;

type Change = Release["diff"][number];

/** Fields whose change does not need new workers. */
const PROMPT = new Set([
  "workers.min",
  "workers.max",
  "idleTimeout",
  "scalerType",
  "scalerValue",
  "executionTimeoutMs",
]);

/** What the platform calls the settings of an endpoint, for the differences between releases. */
export function platformFields(endpoint: Endpoint): Map<string, unknown> {
  const { command, scaling, workers, gpu, cpu } = endpoint;
  return new Map<string, unknown>([
    ["template.imageName", endpoint.image],
    ["template.dockerArgs", command.args],
    ["template.containerDiskInGb", endpoint.disk],
    ["template.ports", endpoint.ports],
    ["template.env", endpoint.env],
    ["template.containerRegistryAuthId", endpoint.registry],
    ["gpuIds", gpu && [...gpu.pools, ...gpu.excludedTypes.map((type) => `-${type}`)].join(",")],
    ["gpuCount", gpu?.count ?? null],
    ["allowedCudaVersions", gpu?.allowedCudaVersions.join(",") ?? null],
    ["minCudaVersion", gpu?.minCudaVersion ?? null],
    ["instanceIds", cpu?.map(({ id, vcpuCount }) => `${id}-${vcpuCount}`) ?? null],
    ["locations", endpoint.dataCenterIds.join(",")],
    ["networkVolumeIds", endpoint.networkVolumes],
    ["globalVolumeIds", endpoint.globalVolumes],
    ["flashBootType", endpoint.flashboot],
    ["workers.min", workers.min],
    ["workers.max", workers.max],
    ["idleTimeout", workers.idleTimeout],
    ["scalerType", scaling.type],
    ["scalerValue", scaling.type === "QUEUE_DELAY" ? scaling.queueDelay : scaling.requestCount],
    ["executionTimeoutMs", endpoint.timeout],
  ]);
}

export function changesBetween(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): Change[] {
  return [...after]
    .map(([field, value]) => ({ field, old: before.get(field), new: value }))
    .filter((change) => JSON.stringify(change.old) !== JSON.stringify(change.new));
}

/** Whether workers with the old settings are stale. */
export function needsRelease(diff: readonly Change[]): boolean {
  return diff.some(({ field }) => !PROMPT.has(field));
}

export function newRelease(world: World, endpoint: Endpoint, diff: Change[]): void {
  endpoint.version += 1;
  endpoint.releases.push({
    ...newIdentity(world, ID_LENGTH),
    version: endpoint.version,
    createdAt: world.clock.now(),
    diff,
  });
}

type ReleaseView = ListEndpointReleasesResponse["releases"][number];

export function releaseView({ fleet }: Endpoint, release: Release): ReleaseView {
  const { id, version, createdAt, diff } = release;
  return {
    id,
    version,
    source: "MANUAL",
    buildId: null,
    workerCount: fleet.filter((worker) => worker.version === version).length,
    createdAt: new Date(createdAt).toISOString(),
    diff,
  };
}

export function rolloutView({ fleet, version }: Endpoint): ListEndpointReleasesResponse["rollout"] {
  const latest = fleet.filter((worker) => worker.version === version).length;
  return {
    inProgress: latest < fleet.length,
    workersOnLatest: latest,
    workersTotal: fleet.length,
    percentOnLatest: fleet.length === 0 ? 0 : Math.floor((latest / fleet.length) * 100),
  };
}
