import table from "@runpod-stack/models/data/models.json";
import { isPublished, soundsAbsent } from "./publishers";

/** Size and requirements of a model repository on the hub. */
export interface Model {
  id: string;
  parametersB: number;
  weightsGb: number;
  /** Size of the weights in a GPU's memory, where it is not that of the files. */
  loadedGb: number;
  /** Whether the weights have 16 or 32 bits, that is, are not quantized in the repository. */
  fullPrecision: boolean;
  bfloat16: boolean;
  /** The longest context that the model was trained for, in tokens; null if unknown. */
  maxPosition: number | null;
  attentionHeads: number | null;
  /** Size of one token's keys and values in all layers, at 16 bits, in a context of this length. */
  kvBytesPerToken(tokens: number): number;
  dimensions: Dimensions;
  /** Whether the hub requires an account that has accepted the model's terms. */
  gated: boolean;
}

/** A model's dimensions, on which the memory that it needs depends. */
export interface Dimensions {
  layers: number;
  hidden: number;
  vocabulary: number;
  intermediate: number;
  /** Over how many GPUs the cache can be split. */
  kvHeads: number;
  /** Of one expert; null for a model without. */
  expert: { size: number; perToken: number } | null;
}

/** The longest context assumed for a model whose own is unknown. */
export const USUAL_MAX_POSITION = 32_768;

/**
 * A model by its repository id, or null if the hub has no such repository: the name says so, or its
 * organization is known and has no such model. What other organizations have is not known: any of
 * their repositories is assumed to exist, see `isAssumed`.
 */
export function findModel(id: string): Model | null {
  if (!isRepositoryId(id) || soundsAbsent(id) || isPublished(id) === false) {
    return null;
  }
  const row = rowOf(id);
  return row ? fromRow(row) : estimated(id);
}

/** What the table of models has of a repository. */
export function rowOf(id: string): Row | undefined {
  return table.find((entry) => entry.id.toLowerCase() === id.toLowerCase());
}

/** Whether a repository may be called so, by the rules of Hugging Face's client (utils/_validators.py). */
export function isRepositoryId(id: string): boolean {
  return /^(?:\b[\w.-]+\b\/)?\b[\w.-]{1,96}\b$/.test(id) && !/--|\.\.|\.git$/.test(id);
}

/** Whether the emulator only assumes that the hub has the repository. */
export function isAssumed(id: string): boolean {
  return isPublished(id) === null;
}

/** What servers of language models expect of a repository and this one does not have; null if it has all. */
export function missingIn(id: string): "config.json" | "model_type" | null {
  const name = id.slice(id.indexOf("/") + 1);
  if (PIPELINE.test(name) || /gguf|(?:^|[-_.])(?:q?lora|adapter)s?(?:$|[-_.])/i.test(name)) {
    return "config.json";
  }
  return /faster-whisper/i.test(id) ? "model_type" : null;
}

/** A model of a known size, as found in a local folder. */
export function modelOfSize(id: string, weightsGb: number): Model {
  return {
    ...estimated(id),
    parametersB: weightsGb / 2,
    weightsGb,
    loadedGb: weightsGb,
    gated: false,
  };
}

/** Billions of parameters: `Llama-3.1-8B` → 8, `Mixtral-8x7B` → 47, `Qwen3-30B-A3B` → 30, `Qwen2.5-0.5B` → 0.5. */
export function parametersFromName(id: string): number {
  const experts = id.match(/(\d{1,4})x(\d{1,4}(?:\.\d{1,3})?)b(?![a-z])/i);
  if (experts) {
    const shared = 0.16;
    return Math.min(Number(experts[1]) * Number(experts[2]) * (1 - shared), LARGEST_B);
  }
  const size = id.match(/(?<![\da.])(\d{1,4}(?:\.\d{1,3})?)([bm])(?![a-z])/i);
  if (!size) {
    return DEFAULT_PARAMETERS_B;
  }
  return size[2]?.toLowerCase() === "m" ? Number(size[1]) / 1000 : Number(size[1]);
}

type Row = (typeof table)[number];

/** Families that Hugging Face's diffusers load, each part with a config.json in its own folder. */
const PIPELINE =
  /^(?:flux|sdxl|stable-(?:diffusion|video|audio)|wan-?\d|hunyuan-?(?:video|image)|qwen-image|ltx|cog(?:video|view)|mochi|sana|pixart|kandinsky|z-image)/i;

const GATED_FAMILIES = /^(meta-llama\/|google\/gemma-)/i;
const DEFAULT_PARAMETERS_B = 7;
/** The most that a name may mean: such weights are about a thousand files. */
const LARGEST_B = 10_000;

function fromRow(row: Row): Model {
  const parametersB = row.parametersB;
  return {
    id: row.id,
    parametersB,
    weightsGb: row.weightsGb,
    loadedGb: row.loadedGb ?? row.weightsGb,
    fullPrecision: row.quantization === null && /^(b?float16|float32)$/.test(row.dtype),
    bfloat16: row.dtype === "bfloat16",
    maxPosition: row.maxPosition,
    attentionHeads: row.attentionHeads,
    kvBytesPerToken: (tokens) => kvBytesPerToken(row, tokens),
    dimensions: dimensionsOf(row),
    gated: row.gated ?? GATED_FAMILIES.test(row.id),
  };
}

function estimated(id: string): Model {
  const parametersB = parametersFromName(id);
  const bytes = bytesPerParameter(id);
  const weightsGb = parametersB * bytes * 1.02;
  return {
    id,
    parametersB,
    weightsGb,
    loadedGb: weightsGb,
    fullPrecision: bytes >= 2,
    bfloat16: bytes === 2,
    maxPosition: null,
    attentionHeads: null,
    kvBytesPerToken: () => kvFromSize(parametersB),
    dimensions: dimensionsOf({ parametersB }),
    gated: GATED_FAMILIES.test(id),
  };
}

function bytesPerParameter(id: string): number {
  if (/nvfp4|fp4|awq|gptq(?!-int8)|int4|w4a16|4bit|bnb/i.test(id)) {
    return 0.6;
  }
  if (/fp8|int8|w8a8|w8a16|8bit/i.test(id)) {
    return 1.1;
  }
  return 2;
}

/** Sliding layers cache no more than their window, and are padded to groups as large as that of the full layers. */
function kvBytesPerToken(row: Row, tokens: number): number {
  const { latentDim, kvHeads, headDim, layers, fullLayers, slidingLayers, slidingWindow } = row;
  const elements =
    latentDim ?? (kvHeads === null || headDim === null ? null : 2 * kvHeads * headDim);
  if (elements === null || fullLayers === null) {
    return kvFromSize(row.parametersB);
  }
  const window = Math.min(tokens, (slidingWindow ?? tokens) + BATCHED_TOKENS);
  const padded =
    fullLayers > 0 ? Math.ceil(slidingLayers / fullLayers) * fullLayers : slidingLayers;
  // Layers of linear attention have a state of fixed size instead.
  const states = layers !== null && fullLayers + slidingLayers < layers && slidingLayers === 0;
  const cached = fullLayers + (padded * window) / tokens;
  return elements * cached * 2 * (states ? 1.06 : 1);
}

/** Tokens of a batch, which sliding layers cache as well. */
const BATCHED_TOKENS = 8192;

function dimensionsOf(row: Partial<Row> & { parametersB: number }): Dimensions {
  const hidden = row.hiddenSize ?? 2048 * Math.cbrt(row.parametersB);
  const { expertSize, expertsPerToken } = row;
  // The kernels for MXFP4 need no buffers for experts.
  const hasBuffers = expertSize && expertsPerToken && row.quantization !== "mxfp4";
  return {
    layers: row.layers ?? 48,
    hidden,
    vocabulary: row.vocabSize ?? 152_064,
    intermediate: row.intermediateSize ?? 4 * hidden,
    kvHeads: row.latentDim ? 1 : (row.kvHeads ?? 8),
    expert: hasBuffers ? { size: expertSize, perToken: expertsPerToken } : null,
  };
}

function kvFromSize(parametersB: number): number {
  return Math.round(131_072 * Math.sqrt(parametersB / 8));
}
