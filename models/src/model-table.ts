import table from "./data/models.json";
import { baseName } from "./model-name";

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
  /** What the weights take on one GPU, where measured and not as in the files. */
  readonly loadedGb: number | null;
  /**
   * How the size was measured; `safetensors_params` is the hub's parameter count times its bytes,
   * `published_parameters` a rounded count times its bytes.
   */
  readonly sizeBasis: string;
  readonly secondFormat: string | null;
  readonly layers: number | null;
  readonly kvHeads: number | null;
  readonly headDim: number | null;
  readonly hiddenSize: number | null;
  readonly maxPosition: number | null;
  readonly attentionHeads: number | null;
  readonly vocabSize: number | null;
  /** Width of the dense layers between two attentions. */
  readonly intermediateSize: number | null;
  /** Width of one expert; null where the model has none. */
  readonly expertSize: number | null;
  readonly expertsPerToken: number | null;
  /** Layers whose cache grows with the context; null where the shape does not show the cache. */
  readonly fullLayers: number | null;
  /** Layers whose cache stops growing at `slidingWindow` tokens. */
  readonly slidingLayers: number;
  readonly slidingWindow: number | null;
  /** Cached elements a token and layer, where keys and values are stored compressed (MLA). */
  readonly latentDim: number | null;
  readonly gated: boolean | null;
  /** Whether it holds several models, such as text encoders, of which a copy may hold one alone. */
  readonly isPipeline?: boolean;
  readonly note: string;
  readonly source: string;
}

/** The measured repository of that id; a pinned `@revision` and upper or lower case do not matter. */
export function findModel(id: string): ModelRow | undefined {
  return BY_ID.get(id.replace(/@.*$/s, "").trim().toLowerCase());
}

/**
 * The measured repository of which this one is a copy with another owner or precision, by its name:
 * `unsloth/Qwen3-14B-GGUF:Q4_K_M`, `nvidia/Llama-3.3-70B-Instruct-FP8`.
 */
export function findBase(id: string): ModelRow | undefined {
  const name = comparable(baseName(id));
  return name === "" ? undefined : BY_NAME.get(name);
}

const ROWS: readonly ModelRow[] = table;
const BY_ID = new Map(ROWS.map((row) => [row.id.toLowerCase(), row]));
/** Full-precision repositories last, so that they win over quantized ones of the same name. */
const BY_NAME = new Map(
  ROWS.filter(({ isPipeline }) => !isPipeline)
    .sort((a, b) => Number(a.quantization === null) - Number(b.quantization === null))
    .map((row) => [comparable(baseName(row.id)), row]),
);

/** Copies drop the owner's prefix, and write dots as underscores. */
function comparable(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:meta-|nvidia-)/, "")
    .replaceAll("_", ".");
}
