import type { ModelRow } from "./model-table";

/** Server settings that affect the size of the cache. */
export interface CacheOptions {
  /** Tokens that the server processes at a time. Sliding layers cache them in addition to their window. @default 0 */
  readonly batchedTokens?: number;
  /** Bytes per cached element. @default 2 (16 bits) */
  readonly bytesPerElement?: number;
}

/**
 * Size of the KV cache for one sequence of `tokens`, in decimal gigabytes; null if the attention
 * shape is not known.
 */
export function kvCacheGb(
  row: ModelRow,
  tokens: number,
  { batchedTokens = 0, bytesPerElement = 2 }: CacheOptions = {},
): number | null {
  const elements = elementsPerLayer(row);
  const { layers, fullLayers, slidingLayers, slidingWindow } = row;
  if (elements === null || fullLayers === null) {
    return null;
  }
  const slidingTokens = Math.min(tokens, (slidingWindow ?? tokens) + batchedTokens);
  const cached = fullLayers * tokens + padded(slidingLayers, fullLayers) * slidingTokens;
  const isHybrid = slidingLayers === 0 && fullLayers < (layers ?? 0);
  return (elements * cached * bytesPerElement * (isHybrid ? 1 + STATE_SHARE : 1)) / 1e9;
}

/** The fixed state of linear attention, in pages of the same size as the other layers' pages. */
const STATE_SHARE = 0.06;

/** vLLM pads sliding layers to whole groups, each as large as the group of full layers. */
function padded(slidingLayers: number, fullLayers: number): number {
  return fullLayers === 0 ? slidingLayers : Math.ceil(slidingLayers / fullLayers) * fullLayers;
}

/** Cached elements of one token in one layer. */
function elementsPerLayer({ latentDim, kvHeads, headDim }: ModelRow): number | null {
  if (latentDim !== null) {
    return latentDim;
  }
  return kvHeads === null || headDim === null ? null : 2 * kvHeads * headDim;
}
