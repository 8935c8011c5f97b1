import type { ModelRow } from "./model-table";

/**
 * Keys and values of one sequence of `tokens`, in decimal gigabytes at 16 bits; null where the
 * attention shape is not known. Layers of linear attention hold a small fixed state, which is left out.
 */
export function kvCacheGb(row: ModelRow, tokens: number): number | null {
  const elements = elementsPerLayer(row);
  if (elements === null || row.fullLayers === null) return null;
  const slidingTokens = Math.min(tokens, row.slidingWindow ?? tokens);
  const cached = row.fullLayers * tokens + row.slidingLayers * slidingTokens;
  return (elements * cached * BYTES_PER_ELEMENT) / 1e9;
}

const BYTES_PER_ELEMENT = 2;

/** Cached elements of one token in one layer. */
function elementsPerLayer({ latentDim, kvHeads, headDim }: ModelRow): number | null {
  if (latentDim !== null) return latentDim;
  return kvHeads === null || headDim === null ? null : 2 * kvHeads * headDim;
}
