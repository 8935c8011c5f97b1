import type { Cloud } from "@runpod-stack/openapi";
import { seededRandom } from "../core/random";
import { compareVersions } from "../core/versions";
import { DATA_CENTERS, findGpuType, HOST_CUDA_VERSIONS } from "./catalog";

/** The free GPUs of one type on equal machines of one data center. */
export interface Pool {
  readonly gpuTypeId: string;
  readonly cloud: Cloud;
  readonly dataCenterId: string;
  /** The newest CUDA version that the machines' driver supports; null for AMD. */
  readonly cudaVersion: string | null;
  free: number;
}

export interface PlacementRequest {
  gpuTypeId: string;
  cloud: Cloud;
  count: number;
  /** Null for anywhere. */
  dataCenterIds: readonly string[] | null;
  /** Null for any. */
  allowedCudaVersions: readonly string[] | null;
  minCudaVersion: string | null;
  minRamPerGpu: number;
  minVcpuPerGpu: number;
}

export type AvailabilityLevel = "NONE" | "LOW" | "MEDIUM" | "HIGH";

/** Default GPUs per data center: more than a test or a day's work needs. */
const STOCK = { least: 500, most: 1500 };
/** The share of GPU types of a data center that some older machines offer too. */
const OLDER_MACHINES = 0.3;
const PLENTY = 16;
const SOME = 4;

/** Which GPUs are free where. The same seed gives the same stock. */
export class Capacity {
  private readonly pools = new Map<string, Pool[]>();

  constructor(private readonly seed: number) {}

  /** The machines of a type in a cloud, in the order of the data centers. */
  poolsOf(gpuTypeId: string, cloud: Cloud): readonly Pool[] {
    const key = `${cloud}/${gpuTypeId}`;
    const known = this.pools.get(key);
    if (known) {
      return known;
    }
    const stocked = this.stock(gpuTypeId, cloud);
    this.pools.set(key, stocked);
    return stocked;
  }

  /** Where the request would run, newest driver and fullest pool first; null if nothing fits now. */
  place(request: PlacementRequest): Pool | null {
    let best: Pool | null = null;
    for (const pool of this.poolsOf(request.gpuTypeId, request.cloud)) {
      if (pool.free >= request.count && poolFits(pool, request) && (!best || better(pool, best))) {
        best = pool;
      }
    }
    return best;
  }

  /** The pool of a stored pod's machine. */
  find(place: Omit<Pool, "free">): Pool | undefined {
    return this.poolsOf(place.gpuTypeId, place.cloud).find(
      (pool) => pool.dataCenterId === place.dataCenterId && pool.cudaVersion === place.cudaVersion,
    );
  }

  /**
   * Sets how many GPUs of a type are free: in one data center or, without one, in all together, and
   * then in the first.
   */
  setAvailable(
    gpuTypeId: string,
    clouds: readonly Cloud[],
    dataCenterId: string | null,
    free: number,
  ): void {
    for (const cloud of clouds) {
      const pools = this.poolsOf(gpuTypeId, cloud).filter(
        (pool) => dataCenterId === null || pool.dataCenterId === dataCenterId,
      );
      pools.forEach((pool, index) => {
        pool.free = index === 0 ? free : 0;
      });
    }
  }

  /** Every pool that has been requested so far. */
  known(): Pool[] {
    return [...this.pools.values()].flat();
  }

  private stock(gpuTypeId: string, cloud: Cloud): Pool[] {
    const type = findGpuType(gpuTypeId);
    if (!type || type.price[cloud] === null) {
      return [];
    }
    return DATA_CENTERS.flatMap(({ id: dataCenterId }): Pool[] => {
      const random = seededRandom(this.seed, gpuTypeId, cloud, dataCenterId);
      const amount = () => Math.floor(STOCK.least + random() * (STOCK.most - STOCK.least));
      const place = { gpuTypeId: type.id, cloud, dataCenterId };
      if (type.manufacturer === "AMD") {
        return [{ ...place, cudaVersion: null, free: amount() }];
      }
      const [newest, ...older] = HOST_CUDA_VERSIONS;
      return [
        { ...place, cudaVersion: newest, free: amount() },
        ...older
          .filter(() => random() < OLDER_MACHINES)
          .map((cudaVersion) => ({ ...place, cudaVersion, free: amount() })),
      ];
    });
  }
}

/** Whether these machines fit the request, even if they are full. */
export function poolFits(pool: Pool, request: PlacementRequest): boolean {
  const type = findGpuType(pool.gpuTypeId);
  if (!type || request.count > type.maxCount[pool.cloud]) {
    return false;
  }
  if (request.minRamPerGpu > type.ramGbPerGpu || request.minVcpuPerGpu > type.vcpuPerGpu) {
    return false;
  }
  return fitsDataCenter(pool, request) && fitsCuda(pool, request);
}

export function levelOf(free: number): AvailabilityLevel {
  if (free >= PLENTY) {
    return "HIGH";
  }
  return free >= SOME ? "MEDIUM" : free > 0 ? "LOW" : "NONE";
}

/** Community machines are in no data center of RunPod: a request that names one never gets them. */
function fitsDataCenter(pool: Pool, { dataCenterIds }: PlacementRequest): boolean {
  return (
    dataCenterIds === null || (pool.cloud === "SECURE" && dataCenterIds.includes(pool.dataCenterId))
  );
}

function fitsCuda(pool: Pool, { allowedCudaVersions, minCudaVersion }: PlacementRequest): boolean {
  const { cudaVersion } = pool;
  if (allowedCudaVersions && (cudaVersion === null || !allowedCudaVersions.includes(cudaVersion))) {
    return false;
  }
  return (
    !minCudaVersion || (cudaVersion !== null && compareVersions(cudaVersion, minCudaVersion) >= 0)
  );
}

function better(pool: Pool, other: Pool): boolean {
  const versions = compareVersions(pool.cudaVersion ?? "0.0", other.cudaVersion ?? "0.0");
  return versions > 0 || (versions === 0 && pool.free > other.free);
}
