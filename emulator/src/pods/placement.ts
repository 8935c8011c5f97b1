import type { Cloud, CreatePodRequest } from "@runpod-stack/openapi";
import { ApiError, CAPACITY_DETAIL, notFound } from "../core/problem";
import { randomId, seededRandom } from "../core/random";
import { round } from "../money/ledger";
import { fitsMachine } from "../objects/checks";
import type { Compute, Machine } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import {
  CPU_VCPUS,
  DATA_CENTERS,
  findCpuType,
  findDataCenter,
  findGpuType,
  type GpuType,
} from "../stock/catalog";
import type { GpuRequest, ResolvedPod } from "./resolve";

export interface Placement {
  compute: Compute;
  machine: Machine;
  /** Dollars per hour, without disks. */
  price: number;
}

/** RunPod's answer to a network volume in the community cloud. */
const OPAQUE_DETAIL = "Something went wrong. Please try again later or contact support.";
const MACHINE_ID_LENGTH = 12;

/** Finds a machine without reserving it. */
export function placePod(
  world: World,
  account: Account,
  request: CreatePodRequest,
  resolved: ResolvedPod,
): Placement {
  if (!fitsMachine(resolved.disk, resolved.mounts.persistent?.size ?? 0)) {
    throw new ApiError(400, CAPACITY_DETAIL);
  }
  const cloud = request.cloud ?? "SECURE";
  const dataCenterIds = allowedDataCenters(account, request, resolved, cloud);
  return request.gpu
    ? placeOnGpus(world, request, request.gpu, resolved, cloud, dataCenterIds)
    : placeOnCpus(world, request, cloud, dataCenterIds);
}

/** @throws 400 with the capacity message if the GPUs are no longer free. */
export function takeGpus(
  world: World,
  { compute, machine }: Pick<Placement, "compute" | "machine">,
): void {
  if (compute.kind === "cpu" || !machine.pool || machine.gpusTaken) {
    return;
  }
  const pool = world.capacity.find(machine.pool);
  if (machine.lost || !pool || pool.free < compute.count) {
    throw new ApiError(
      400,
      "There are not enough free GPUs on the host machine to start this pod.",
    );
  }
  pool.free -= compute.count;
}

/** Whether global networking can be switched on for a pod where it is. @throws 400 if not */
export function checkGlobalNetworking({
  compute,
  machine,
}: Pick<Placement, "compute" | "machine">): void {
  checkNvidia(compute.id);
  if (!findDataCenter(machine.dataCenterId ?? "")?.globalNetworking) {
    throw new ApiError(400, `data center "${machine.dataCenterId}" has no global networking`);
  }
}

export function releaseGpus(
  world: World,
  { compute, machine }: Pick<Placement, "compute" | "machine">,
): void {
  if (compute.kind === "gpu" && machine.pool && !machine.lost && !machine.gpusTaken) {
    const pool = world.capacity.find(machine.pool);
    if (pool) {
      pool.free += compute.count;
    }
  }
}

function placeOnGpus(
  world: World,
  request: CreatePodRequest,
  gpu: GpuRequest,
  { allowedCudaVersions, minCudaVersion }: ResolvedPod,
  cloud: Cloud,
  dataCenterIds: string[] | null,
): Placement {
  const type = findGpuType(gpu.id);
  if (!type) {
    throw new ApiError(400, `GPU type "${gpu.id}" not found`);
  }
  if (request.globalNetworking) {
    checkNvidia(type.id);
  }
  const pool = world.capacity.place({
    gpuTypeId: type.id,
    cloud,
    // The documented default of 1 is wrong: without a count, nothing matches.
    count: gpu.count ?? Number.POSITIVE_INFINITY,
    dataCenterIds,
    allowedCudaVersions,
    minCudaVersion,
    minRamPerGpu: gpu.minRamPerGpu ?? 0,
    minVcpuPerGpu: gpu.minVcpuCountPerGpu ?? 0,
  });
  if (!pool) {
    throw new ApiError(400, CAPACITY_DETAIL);
  }
  const { free, ...place } = pool;
  const machine = {
    id: newMachineId(world),
    cloud,
    pool: place,
    dataCenterId: cloud === "SECURE" ? pool.dataCenterId : null,
    cudaVersion: pool.cudaVersion,
    lost: false,
  };
  return {
    compute: gpuCompute(type, gpu.count ?? 1),
    machine,
    price: round((type.price[cloud] ?? 0) * (gpu.count ?? 1)),
  };
}

function gpuCompute(type: GpuType, count: number): Compute {
  return {
    kind: "gpu",
    id: type.id,
    count,
    vcpuCount: type.vcpuPerGpu * count,
    memory: type.ramGbPerGpu * count,
  };
}

function placeOnCpus(
  world: World,
  request: CreatePodRequest,
  cloud: Cloud,
  dataCenterIds: string[] | null,
): Placement {
  const { id = "", vcpuCount = 0 } = request.cpu ?? {};
  const type = findCpuType(id);
  if (!type) {
    throw new ApiError(400, `CPU flavor "${id}" not found`);
  }
  if (!Number.isInteger(Math.log2(vcpuCount)) || vcpuCount > CPU_VCPUS.max) {
    throw new ApiError(
      400,
      `vcpuCount ${vcpuCount} is not valid for ${id}: it must be a power of two up to ${CPU_VCPUS.max}`,
    );
  }
  if (request.globalNetworking) {
    checkNvidia(id);
  }
  const dataCenterId = (dataCenterIds ?? DATA_CENTERS.map((one) => one.id)).find(findDataCenter);
  if (cloud !== "SECURE" || !dataCenterId) {
    throw new ApiError(400, CAPACITY_DETAIL);
  }
  return {
    compute: { kind: "cpu", id, vcpuCount, memory: vcpuCount * type.ramGbPerVcpu },
    machine: {
      id: newMachineId(world),
      cloud,
      pool: null,
      dataCenterId,
      cudaVersion: null,
      lost: false,
    },
    price: round(type.pricePerVcpu * vcpuCount),
  };
}

/** Data centers are enforced; ids are case-sensitive, so one in lowercase matches nothing. */
function allowedDataCenters(
  account: Account,
  request: CreatePodRequest,
  { mounts }: ResolvedPod,
  cloud: Cloud,
): string[] | null {
  let allowed = request.dataCenterIds?.length ? request.dataCenterIds : null;
  const volumeId = mounts.network?.[0]?.volumeId;
  if (volumeId !== undefined) {
    const volume = account.networkVolumes.find(volumeId);
    if (!volume) {
      throw notFound("network volume", volumeId);
    }
    if (cloud !== "SECURE") {
      throw new ApiError(400, OPAQUE_DETAIL);
    }
    allowed = (allowed ?? [volume.dataCenter]).filter((id) => id === volume.dataCenter);
  }
  if (request.globalNetworking) {
    const networked = DATA_CENTERS.filter((one) => one.globalNetworking).map((one) => one.id);
    allowed = networked.filter((id) => allowed === null || allowed.includes(id));
  }
  return allowed;
}

function checkNvidia(computeId: string): void {
  if (findGpuType(computeId)?.manufacturer !== "NVIDIA") {
    throw new ApiError(400, "global networking requires an NVIDIA GPU");
  }
}

/** Each pod gets its own machine. */
function newMachineId({ options, store }: World): string {
  return randomId(seededRandom(options.seed, "machine", store.nextSeq), MACHINE_ID_LENGTH);
}
