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
  /** null where the cloud does not offer the type, as far as known. */
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
  if (wanted.length === 0) return [];
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
  if (cloud === "SECURE") return gpu.securePrice;
  if (cloud === "COMMUNITY") return gpu.communityPrice;
  const prices = [gpu.securePrice, gpu.communityPrice].filter((price) => price !== null);
  return prices.length > 0 ? Math.min(...prices) : null;
}

/**
 * The pods that hold so much: for each GPU type the smallest count over which a server can share
 * the model's attention heads, cheapest first. Left out are types without a price, slices that
 * cannot work together, and GPUs that servers' usual images do not run on: AMD's, and NVIDIA's
 * before bfloat16.
 */
export function gpusFor(
  gpuMemoryGb: number,
  options: { readonly cloud?: Cloud; readonly attentionHeads?: number | null } = {},
): GpuChoice[] {
  const { cloud, attentionHeads } = options;
  const priced: (GpuChoice & { price: number })[] = [];
  for (const gpu of TYPES) {
    const price = gpuPrice(gpu, cloud);
    if (price === null || Number(gpu.computeCapability ?? 0) < BFLOAT16_CAPABILITY) continue;
    const most = mostTogether(gpu, cloud);
    const count = SHARES.find(
      (share) =>
        share <= most && gpu.memoryGb * share >= gpuMemoryGb && (attentionHeads ?? 0) % share === 0,
    );
    if (count !== undefined) priced.push({ id: gpu.id, count, price: price * count });
  }
  return priced.sort((a, b) => a.price - b.price).map(({ id, count }) => ({ id, count }));
}

const TYPES: readonly GpuType[] = table.gpus;
const BY_ID = new Map(TYPES.map((gpu) => [oneSpaced(gpu.id), gpu]));
/** Powers of two divide heads, vocabulary and layers alike; RunPod's machines hold eight to ten. */
const SHARES = [1, 2, 4, 8];
const BFLOAT16_CAPABILITY = 8;

function mostTogether(gpu: GpuType, cloud: Cloud | undefined): number {
  if (/\bMIG\b/.test(gpu.id)) return 1;
  const known = [
    ...(cloud === "COMMUNITY" ? [] : [gpu.maxCountSecure]),
    ...(cloud === "SECURE" ? [] : [gpu.maxCountCommunity]),
  ].filter((count) => count !== null && count > 0);
  return known.length > 0 ? Math.max(...known.map(Number)) : Math.max(...SHARES);
}
