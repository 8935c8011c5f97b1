import { balanceOf } from "../money/balance";
import { round } from "../money/ledger";
import { fitsSpendLimit } from "../pods/spend-limit";
import type { Endpoint, Host, WorkerPlace } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import type { PlacementRequest, Pool } from "../stock/capacity";
import { DATA_CENTERS, findCpuType, findGpuType } from "../stock/catalog";
import { serverlessPoolOf } from "../stock/serverless-pools";
import { allowedDataCenters } from "./rules";
import { selectedGpuTypes } from "./selection";

/** A free machine for one more worker, which it takes; null if there is none, or no money for it. */
export function takeMachine(
  world: World,
  account: Account,
  endpoint: Endpoint,
  at: number,
): { place: WorkerPlace; host: Host | null } | null {
  if (balanceOf(account, at) <= 0) {
    return null;
  }
  const known = endpoint.hosts.find((host) => isUsable(world, account, endpoint, host));
  const place = known?.place ?? newPlace(world, account, endpoint);
  if (place === null || !fitsSpendLimit(world, account, place.price)) {
    return null;
  }
  const pool = poolOf(world, place);
  if (pool) {
    pool.free -= place.gpuCount;
  }
  if (known) {
    endpoint.hosts.splice(endpoint.hosts.indexOf(known), 1);
  }
  return { place, host: known ?? null };
}

export function releaseMachine(world: World, place: WorkerPlace): void {
  const pool = poolOf(world, place);
  if (pool) {
    pool.free += place.gpuCount;
  }
}

/** Whether a machine of an earlier worker is free and holds the image. */
function isUsable(world: World, account: Account, endpoint: Endpoint, host: Host): boolean {
  const { place, image } = host;
  const dataCenters = allowedDataCenters(account, endpoint);
  if (
    image !== endpoint.image ||
    (dataCenters && !dataCenters.includes(place.dataCenterId)) ||
    place.gpuCount !== (endpoint.gpu?.count ?? 0)
  ) {
    return false;
  }
  if (endpoint.gpu) {
    const isSelected = selectedGpuTypes(endpoint.gpu).includes(place.computeId);
    return isSelected && (poolOf(world, place)?.free ?? 0) >= place.gpuCount;
  }
  const { computeId, vcpuCount } = place;
  return (endpoint.cpu ?? []).some(
    (choice) => choice.id === computeId && choice.vcpuCount === vcpuCount,
  );
}

function newPlace(world: World, account: Account, endpoint: Endpoint): WorkerPlace | null {
  const dataCenterIds = allowedDataCenters(account, endpoint);
  return endpoint.gpu
    ? gpuPlace(world, endpoint.gpu, dataCenterIds)
    : cpuPlace(endpoint.cpu ?? [], dataCenterIds);
}

/** Pools have no order: the machine comes from where most are free. */
function gpuPlace(
  world: World,
  gpu: NonNullable<Endpoint["gpu"]>,
  dataCenterIds: string[] | null,
): WorkerPlace | null {
  let best: Pool | null = null;
  for (const gpuTypeId of selectedGpuTypes(gpu)) {
    const request: PlacementRequest = {
      gpuTypeId,
      cloud: "SECURE",
      count: gpu.count,
      dataCenterIds,
      allowedCudaVersions: gpu.allowedCudaVersions.length > 0 ? gpu.allowedCudaVersions : null,
      minCudaVersion: gpu.minCudaVersion,
      minRamPerGpu: 0,
      minVcpuPerGpu: 0,
    };
    const pool = world.capacity.place(request);
    if (pool && (!best || pool.free > best.free)) {
      best = pool;
    }
  }
  const type = best && findGpuType(best.gpuTypeId);
  if (!best || !type) {
    return null;
  }
  return {
    computeId: type.id,
    gpuCount: gpu.count,
    vcpuCount: type.vcpuPerGpu * gpu.count,
    dataCenterId: best.dataCenterId,
    cudaVersion: best.cudaVersion,
    price: round((serverlessPoolOf(type.id)?.price ?? 0) * gpu.count),
  };
}

/** CPUs never run out. */
function cpuPlace(
  choices: NonNullable<Endpoint["cpu"]>,
  dataCenterIds: string[] | null,
): WorkerPlace | null {
  const [choice] = choices;
  const dataCenter = DATA_CENTERS.find(({ id }) => !dataCenterIds || dataCenterIds.includes(id));
  const type = choice && findCpuType(choice.id);
  if (!type || !dataCenter) {
    return null;
  }
  return {
    computeId: type.id,
    gpuCount: 0,
    vcpuCount: choice.vcpuCount,
    dataCenterId: dataCenter.id,
    cudaVersion: null,
    price: round(type.pricePerVcpu * choice.vcpuCount),
  };
}

function poolOf(world: World, place: WorkerPlace): Pool | undefined {
  if (place.gpuCount === 0) {
    return undefined;
  }
  const { computeId: gpuTypeId, dataCenterId, cudaVersion } = place;
  return world.capacity.find({ gpuTypeId, cloud: "SECURE", dataCenterId, cudaVersion });
}
