import table from "./data/models.json";

/**
 * A model repository whose weights were measured. Sizes are decimal gigabytes of what a server
 * downloads; `secondFormat` names what else lies in the repository.
 */
export interface ModelRow {
  readonly id: string;
  readonly parametersB: number;
  readonly activeParametersB: number | null;
  readonly dtype: string;
  readonly quantization: string | null;
  readonly weightsGb: number;
  /** How the size was measured; `safetensors_params` is the hub's parameter count times its bytes. */
  readonly sizeBasis: string;
  readonly secondFormat: string | null;
  readonly layers: number | null;
  readonly kvHeads: number | null;
  readonly headDim: number | null;
  readonly hiddenSize: number | null;
  readonly maxPosition: number | null;
  readonly attentionHeads: number | null;
  /** Layers whose cache grows with the context; null where the cache cannot be told from the shape. */
  readonly fullLayers: number | null;
  /** Layers whose cache stops growing at `slidingWindow` tokens. */
  readonly slidingLayers: number;
  readonly slidingWindow: number | null;
  /** Cached elements a token and layer, where keys and values are stored compressed (MLA). */
  readonly latentDim: number | null;
  readonly gated: boolean | null;
  readonly note: string;
  readonly source: string;
}

/** The measured repository of that id; a pinned `@revision` and upper or lower case do not matter. */
export function findModel(id: string): ModelRow | undefined {
  return BY_ID.get(id.replace(/@.*$/s, "").trim().toLowerCase());
}

const ROWS: readonly ModelRow[] = table;
const BY_ID = new Map(ROWS.map((row) => [row.id.toLowerCase(), row]));
