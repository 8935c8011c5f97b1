import type { ModelRow } from "./model-table";

/** What else decides the size of a cache. */
export interface CacheOptions {
  /** Tokens that the server works on at a time: a sliding layer holds these too. @default 0 */
  readonly batchedTokens?: number;
  /** @default 2, for 16 bits */
  readonly bytesPerElement?: number;
}

/**
 * Keys and values of one sequence of `tokens`, in decimal gigabytes; null where the attention shape
 * is not known.
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
  const isHybrid = layers !== null && fullLayers + slidingLayers < layers && slidingLayers === 0;
  return (elements * cached * bytesPerElement * (isHybrid ? 1 + STATE_SHARE : 1)) / 1e9;
}

/** The fixed state of linear attention, in pages as large as those of the other layers. */
const STATE_SHARE = 0.06;

/** vLLM keeps sliding layers in groups as large as that of the full ones. */
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
