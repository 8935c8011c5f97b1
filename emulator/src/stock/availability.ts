import {
  type AvailabilityLevel,
  type Capacity,
  levelOf,
  type PlacementRequest,
  type Pool,
  poolFits,
} from "./capacity";
import { countryOf, findDataCenter, type GpuType } from "./catalog";

/** The conditions of a catalog request, for every GPU type. */
export interface AvailabilityFilter extends Omit<PlacementRequest, "gpuTypeId"> {
  /** Null for the whole world. */
  countryCodes: readonly string[] | null;
}

export interface Availability {
  availability: AvailabilityLevel;
  /** Absent if none is free. */
  dataCenters?: { id: string; name: string; availability: AvailabilityLevel }[];
  /** Absent if no machine reports a version. */
  cudaVersions?: { version: string; available: boolean }[];
}

/** The stock of a GPU type, as in the catalog. */
export function availabilityOf(
  capacity: Capacity,
  type: GpuType,
  filter: AvailabilityFilter,
): Availability {
  const offered = capacity
    .poolsOf(type.id, filter.cloud)
    .filter(
      (pool) => poolFits(pool, { ...filter, gpuTypeId: type.id }) && inCountries(pool, filter),
    );
  const free = offered.filter((pool) => pool.free >= filter.count);
  const dataCenters = [...freeByDataCenter(free)].map(([id, gpus]) => ({
    id,
    name: findDataCenter(id)?.name ?? id,
    availability: levelOf(gpus),
  }));
  const cudaVersions = versionsOf(offered, filter.count);
  return {
    availability: overall(dataCenters.map(({ availability }) => availability)),
    ...(dataCenters.length > 0 && { dataCenters }),
    ...(cudaVersions.length > 0 && { cudaVersions }),
  };
}

/** The best of the data centers. RunPod reports NONE if none of them has more than a few left. */
function overall(levels: readonly AvailabilityLevel[]): AvailabilityLevel {
  return (["HIGH", "MEDIUM"] as const).find((level) => levels.includes(level)) ?? "NONE";
}

function freeByDataCenter(pools: readonly Pool[]): Map<string, number> {
  const free = new Map<string, number>();
  for (const pool of pools) {
    free.set(pool.dataCenterId, (free.get(pool.dataCenterId) ?? 0) + pool.free);
  }
  return free;
}

function versionsOf(
  pools: readonly Pool[],
  count: number,
): { version: string; available: boolean }[] {
  const versions = new Set(pools.flatMap(({ cudaVersion }) => cudaVersion ?? []));
  return [...versions].map((version) => ({
    version,
    available: pools.some((pool) => pool.cudaVersion === version && pool.free >= count),
  }));
}

function inCountries({ dataCenterId }: Pool, { countryCodes }: AvailabilityFilter): boolean {
  return countryCodes === null || countryCodes.includes(countryOf(dataCenterId));
}
