import table from "./data/gpus.json";

/** A RunPod GPU type. Prices are in US dollars per GPU and hour. */
export interface GpuType {
  readonly id: string;
  readonly displayName: string;
  /** Memory in GB, as RunPod states it. */
  readonly memoryGb: number;
  /** Memory in MiB, as the driver reports it (`nvidia-smi`); null if not known. */
  readonly memoryMib: number | null;
  readonly architecture: string;
  /** For example `"9.0"`; null for GPUs without CUDA. */
  readonly computeCapability: string | null;
  readonly class: string;
  /** null if the cloud is not known to offer the type. */
  readonly securePrice: number | null;
  readonly communityPrice: number | null;
  readonly maxCountSecure: number | null;
  readonly maxCountCommunity: number | null;
  /** The day on which the price was read, for example `"2026-11-09"`. */
  readonly priceDate: string | null;
}

export type Cloud = "SECURE" | "COMMUNITY";

/** All GPU types in the bundled table. */
export function gpuTypes(): readonly GpuType[] {
  return TYPES;
}

/** The GPU type with this id; undefined if the bundled table does not have it. */
export function gpuType(id: string): GpuType | undefined {
  return BY_ID.get(oneSpaced(id));
}

/** The ids that a short name such as "H100" may stand for, at most three. */
export function similarGpuIds(name: string): string[] {
  const words = (text: string) =>
    new Set(
      text
        .toLowerCase()
        .split(/[^a-z0-9]/)
        .filter(Boolean),
    );
  const wanted = [...words(name)];
  if (wanted.length === 0) {
    return [];
  }
  const fits = (known: ReadonlySet<string>) => wanted.every((word) => known.has(word));
  return TYPES.filter(({ id }) => fits(words(id)))
    .slice(0, 3)
    .map(({ id }) => id);
}

/** An id with repeated spaces collapsed, for comparison: RunPod lists some ids with doubled spaces. */
export function oneSpaced(id: string): string {
  return id.trim().replace(/\s+/g, " ");
}

/** Hourly price of one GPU in this cloud, or in the cheaper cloud if none is given; null if not offered. */
export function gpuPrice(gpu: GpuType, cloud?: Cloud): number | null {
  if (cloud === "SECURE") {
    return gpu.securePrice;
  }
  if (cloud === "COMMUNITY") {
    return gpu.communityPrice;
  }
  const prices = [gpu.securePrice, gpu.communityPrice].filter((price) => price !== null);
  return prices.length > 0 ? Math.min(...prices) : null;
}

/** GPU memory that a program can use, in decimal gigabytes, as CUDA reports it. */
export function deviceGb({ memoryMib, memoryGb }: GpuType): number {
  const mib = memoryMib ?? memoryGb * 1024 * LEAST_REPORTED;
  return ((mib - DRIVER_MIB) * 1024 ** 2) / 1e9;
}

const TYPES: readonly GpuType[] = table.gpus;
const BY_ID = new Map(TYPES.map((gpu) => [oneSpaced(gpu.id), gpu]));
/** CUDA reports 0.4 to 0.8 GB less than the driver: 139.8 GiB of an H200's 143771 MiB. */
const DRIVER_MIB = 600;
/** GPUs with error correction report 15/16 of their nominal memory. */
const LEAST_REPORTED = 0.935;
