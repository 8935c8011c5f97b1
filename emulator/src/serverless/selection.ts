import type { CreateEndpointRequest, UpdateEndpointRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { Endpoint, GpuSelection } from "../state/endpoint";
import type { Template } from "../state/store";
import { CPU_VCPUS, findCpuType } from "../stock/catalog";
import { findServerlessPool, SERVERLESS_POOLS } from "../stock/serverless-pools";

type CpuChoices = NonNullable<Endpoint["cpu"]>;

/** @throws 400 unless exactly one of the two is given, and names what exists */
export function selectCompute(
  { gpu, cpu }: Pick<CreateEndpointRequest, "gpu" | "cpu">,
  template: Template | null,
): Pick<Endpoint, "gpu" | "cpu"> {
  if (Boolean(gpu) === Boolean(cpu)) {
    throw new ApiError(400, "exactly one of gpu or cpu must be set");
  }
  if (cpu) {
    return { gpu: null, cpu: cpuChoices(cpu) };
  }
  const seeded = gpu?.allowedCudaVersions === undefined && gpu?.minCudaVersion === undefined;
  return {
    gpu: changeGpus(
      {
        pools: [],
        excludedTypes: [],
        count: 1,
        allowedCudaVersions: (seeded && template?.allowedCudaVersions) || [],
        minCudaVersion: null,
      },
      gpu ?? {},
    ),
    cpu: null,
  };
}

/** @throws 400 for the other kind of compute, and for another CPU family */
export function changeCompute(
  endpoint: Endpoint,
  { gpu, cpu }: Pick<UpdateEndpointRequest, "gpu" | "cpu">,
): Pick<Endpoint, "gpu" | "cpu"> {
  if (gpu && !endpoint.gpu) {
    throw new ApiError(400, "gpu cannot be set on a CPU endpoint");
  }
  if (cpu && !endpoint.cpu) {
    throw new ApiError(400, "cpu cannot be set on a GPU endpoint");
  }
  const families = new Set(endpoint.cpu?.map(({ id }) => id));
  const other = cpu?.find(({ id }) => !families.has(id));
  if (other) {
    throw new ApiError(
      400,
      `the CPU family is immutable: ${other.id} is not ${[...families].join(", ")}`,
    );
  }
  return {
    gpu: endpoint.gpu && gpu ? changeGpus(endpoint.gpu, gpu) : endpoint.gpu,
    cpu: cpu ? cpuChoices(cpu) : endpoint.cpu,
  };
}

/** The GPU types that a selection leaves, in the order of its pools. */
export function selectedGpuTypes({ pools, excludedTypes }: GpuSelection): string[] {
  return pools
    .flatMap((pool) => findServerlessPool(pool)?.gpuTypeIds ?? [])
    .filter((type) => !excludedTypes.includes(type));
}

/** Pools and exclusions are one selection: pools without exclusions clear them. */
function changeGpus(
  current: GpuSelection,
  changes: NonNullable<UpdateEndpointRequest["gpu"]>,
): GpuSelection {
  const { pools, excludedTypes, count, allowedCudaVersions, minCudaVersion } = changes;
  const changed: GpuSelection = {
    pools: pools?.map((pool) => pool.trim()) ?? current.pools,
    excludedTypes:
      excludedTypes?.map((type) => type.trim()) ?? (pools ? [] : current.excludedTypes),
    count: count ?? current.count,
    allowedCudaVersions: allowedCudaVersions ?? current.allowedCudaVersions,
    minCudaVersion: minCudaVersion === undefined ? current.minCudaVersion : minCudaVersion || null,
  };
  checkPools(changed);
  if (changed.allowedCudaVersions.length > 0 && changed.minCudaVersion !== null) {
    throw new ApiError(
      400,
      "gpu.allowedCudaVersions and gpu.minCudaVersion are mutually exclusive",
    );
  }
  return changed;
}

function checkPools(selection: GpuSelection): void {
  const { pools, excludedTypes } = selection;
  const unknown = pools.find((pool) => !findServerlessPool(pool));
  if (unknown !== undefined) {
    const known = SERVERLESS_POOLS.map(({ id }) => id).join(", ");
    throw new ApiError(400, `GPU pool "${unknown}" not found; use one of ${known}`);
  }
  const offered = selectedGpuTypes({ ...selection, excludedTypes: [] });
  const stray = excludedTypes.find((type) => !offered.includes(type));
  if (stray !== undefined) {
    throw new ApiError(400, `excluded GPU type "${stray}" is in none of the selected pools`);
  }
  if (selectedGpuTypes(selection).length === 0) {
    throw new ApiError(400, "gpu.excludedTypes leaves no GPU type of the selected pools");
  }
}

function cpuChoices(cpu: CpuChoices): CpuChoices {
  for (const { id, vcpuCount } of cpu) {
    if (!findCpuType(id)) {
      throw new ApiError(400, `CPU flavor "${id}" not found`);
    }
    if (!Number.isInteger(Math.log2(vcpuCount)) || vcpuCount > CPU_VCPUS.max) {
      throw new ApiError(
        400,
        `vcpuCount ${vcpuCount} is not valid for ${id}: it must be a power of two up to ${CPU_VCPUS.max}`,
      );
    }
  }
  return cpu;
}
