import table from "./data/models.json";
import { baseName, readModelName } from "./model-name";

/**
 * A model repository whose weights were measured. Sizes are the decimal gigabytes that a server
 * downloads; `secondFormat` names a further format in the repository.
 */
export interface ModelRow {
  readonly id: string;
  readonly parametersB: number;
  readonly activeParametersB: number | null;
  readonly dtype: string;
  readonly quantization: string | null;
  readonly weightsGb: number;
  /** Measured size of the weights on one GPU, if it differs from the size of the files; otherwise null. */
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
  /** Width of the dense layers between attention layers. */
  readonly intermediateSize: number | null;
  /** Width of one expert; null if the model has none. */
  readonly expertSize: number | null;
  readonly expertsPerToken: number | null;
  /** Layers whose cache grows with the context; null if the shape does not determine the cache. */
  readonly fullLayers: number | null;
  /** Layers whose cache stops growing at `slidingWindow` tokens. */
  readonly slidingLayers: number;
  readonly slidingWindow: number | null;
  /** Cached elements per token and layer if keys and values are stored compressed (MLA); otherwise null. */
  readonly latentDim: number | null;
  readonly gated: boolean | null;
  /** Whether it holds several models, such as text encoders, of which a copy may hold one alone. */
  readonly isPipeline?: boolean;
  readonly note: string;
  readonly source: string;
}

/** The measured repository with this id, ignoring case and a pinned `@revision`. */
export function findModel(id: string): ModelRow | undefined {
  return BY_ID.get(id.replace(/@.*/s, "").trim().toLowerCase());
}

/**
 * Finds, by name, the measured repository that this one is a copy of, with another owner or
 * precision: for `unsloth/Qwen3-14B-GGUF:Q4_K_M`, this is `Qwen/Qwen3-14B`.
 */
export function findBase(id: string): ModelRow | undefined {
  const row = BY_NAME.get(comparable(baseName(id)));
  return row !== undefined && hasSizeOf(row, id) ? row : undefined;
}

const ROWS: readonly ModelRow[] = table;
const BY_ID = new Map(ROWS.map((row) => [row.id.toLowerCase(), row]));
/** Full-precision repositories last, so that they win over quantized ones of the same name. */
const BY_NAME = new Map(
  ROWS.filter(({ isPipeline }) => !isPipeline)
    .toSorted((a, b) => Number(a.quantization === null) - Number(b.quantization === null))
    .map((row) => [comparable(baseName(row.id)), row]),
);

/** Ollama has models of several sizes under one name: `deepseek-r1:8b`, which is also `deepseek-r1`. */
function hasSizeOf({ parametersB }: ModelRow, name: string): boolean {
  const stated = readModelName(name).parametersB;
  if (stated === null) {
    return name.includes("/");
  }
  return stated > parametersB / OTHER_SIZE && stated < parametersB * OTHER_SIZE;
}

/** Names round, and count shared layers once or twice. */
const OTHER_SIZE = 1.5;

/** Copies drop the owner's prefix and replace dots with underscores. */
function comparable(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:meta-|nvidia-)/, "")
    .replaceAll("_", ".");
}
