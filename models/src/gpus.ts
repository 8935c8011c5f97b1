import table from "./data/gpus.json";

/** A GPU type as RunPod names it. Prices are per GPU and hour in US dollars. */
export interface GpuType {
  readonly id: string;
  readonly displayName: string;
  /** As RunPod states it. */
  readonly memoryGb: number;
  /** As the driver reports it (`nvidia-smi`), in MiB; null where not known. */
  readonly memoryMib: number | null;
  readonly architecture: string;
  /** As `"9.0"`; null where CUDA does not apply. */
  readonly computeCapability: string | null;
  readonly class: string;
  /** null where the cloud does not offer the type, as far as known. */
  readonly securePrice: number | null;
  readonly communityPrice: number | null;
  readonly maxCountSecure: number | null;
  readonly maxCountCommunity: number | null;
  /** The day on which the price was read, as `"2026-11-09"`. */
  readonly priceDate: string | null;
}

export type Cloud = "SECURE" | "COMMUNITY";

/** All GPU types of the shipped table. */
export function gpuTypes(): readonly GpuType[] {
  return TYPES;
}

/** A GPU type by its id. */
export function gpuType(id: string): GpuType | undefined {
  return BY_ID.get(oneSpaced(id));
}

/** The ids that a short name such as "H100" may stand for, at most three. */
export function similarGpuIds(name: string): string[] {
  const words = (text: string) =>
    new Set(
      text
        .toLowerCase()
        .split(/[^a-z0-9]+/)
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

/** An id as it is compared: RunPod lists some with doubled spaces, so runs of them count as one. */
export function oneSpaced(id: string): string {
  return id.trim().replace(/\s+/g, " ");
}

/** The price of one GPU in that cloud; in either, where none is named. */
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

/** The memory that a program can use of a GPU, in decimal gigabytes, as CUDA reports it. */
export function deviceGb({ memoryMib, memoryGb }: GpuType): number {
  const mib = memoryMib ?? memoryGb * 1024 * LEAST_REPORTED;
  return ((mib - DRIVER_MIB) * 1024 ** 2) / 1e9;
}

const TYPES: readonly GpuType[] = table.gpus;
const BY_ID = new Map(TYPES.map((gpu) => [oneSpaced(gpu.id), gpu]));
/** CUDA reports 0.4 to 0.8 GB less than the driver: 139.8 GiB of an H200's 143771 MiB. */
const DRIVER_MIB = 600;
/** Cards with error correction report 15/16 of what they are sold with. */
const LEAST_REPORTED = 0.935;
