import { kvCacheGb } from "./kv-cache";
import { readModelName } from "./model-name";
import { findModel, type ModelRow } from "./model-table";
import { type Precision, readPrecision, SIXTEEN_BITS, weightsGb } from "./precision";

/** What is asked: a model by its repository id, and whatever the user knows better than the table. */
export interface SizeQuery {
  /** The repository id on the hub, for example `"Qwen/Qwen3-30B-A3B"`; a pinned `@revision` is ignored. */
  readonly model: string;
  /**
   * What the server is told with `--quantization`. `fp8`, `bitsandbytes` and the like quantise while
   * they load: they save GPU memory, but no download.
   */
  readonly quantization?: string;
  /** The context length to hold, in tokens; by default the model's own where it is known, 0 for any. */
  readonly maxModelLen?: number;
  /** Billions of parameters, all experts counted. */
  readonly parametersB?: number;
  /** Size of the weights as downloaded, in decimal gigabytes. */
  readonly weightsGb?: number;
}

/** What a model needs, in decimal gigabytes; null is "not known", never "none". */
export interface ModelSize {
  readonly model: string;
  /** Where the figures come from: measured, the user's own, estimated from the name, or nowhere. */
  readonly basis: "table" | "user" | "name" | "unknown";
  readonly parametersB: number | null;
  /** The weights as the server downloads them. */
  readonly weightsGb: number | null;
  /** Space that the Hugging Face cache needs: weights, tokenizer, compile cache, slack. */
  readonly cacheGb: number | null;
  /** Container disk that would do if the cache lay on it. */
  readonly diskGb: number | null;
  /** Keys and values of one sequence of the asked length; null where the attention shape is not known. */
  readonly kvCacheGb: number | null;
  /** Memory over all GPUs, of which the server may use nine tenths. */
  readonly gpuMemoryGb: number | null;
  readonly attentionHeads: number | null;
  /** Whether the hub asks for an account that accepted the model's terms. */
  readonly gated: boolean | null;
  /** Relative uncertainty of the weights; 0 for a measured size. */
  readonly margin: number;
  /** One sentence on how the size was found. */
  readonly reason: string;
}

/**
 * What a model needs: from the user's figures if given, else from the table of measured
 * repositories, else estimated from the name. Never throws; what cannot be known is null.
 *
 * @example
 * sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen: 32768 }) // basis "table", 65.52 GB of weights
 * sizeModel({ model: "acme/Chat-13B" }) // basis "name", 27.3 GB, margin 0.5
 * sizeModel({ model: "acme/chat-large" }) // basis "unknown"
 */
export function sizeModel(query: SizeQuery): ModelSize {
  const row = findModel(query.model);
  const weights =
    fromUser(query, row) ??
    (row ? fromTable(row, query.quantization) : weightsFromName(query.model, query.quantization));
  const tokens = atLeast(0, query.maxModelLen) ?? row?.maxPosition ?? null;
  const cache = row && tokens !== null ? kvCacheGb(row, tokens) : null;
  const need = weights.weightsGb === null ? null : weights.weightsGb * 1.1 + 5;
  return {
    model: query.model,
    basis: weights.basis,
    parametersB: weights.parametersB,
    weightsGb: weights.weightsGb,
    cacheGb: need === null ? null : tenths(need),
    diskGb: need === null ? null : Math.ceil(need + DISK_BESIDES_CACHE_GB),
    kvCacheGb: cache,
    gpuMemoryGb: weights.loadedGb === null ? null : gpuMemory(weights.loadedGb, cache),
    attentionHeads: row?.attentionHeads ?? null,
    gated: row?.gated ?? (GATED_FAMILIES.test(query.model) ? true : null),
    margin: weights.margin,
    reason: weights.reason,
  };
}

/** How large a model's weights are on disk and once loaded, and how that is known. */
export interface Weights {
  readonly basis: ModelSize["basis"];
  readonly parametersB: number | null;
  readonly weightsGb: number | null;
  readonly loadedGb: number | null;
  readonly margin: number;
  readonly reason: string;
}

/** The estimate from the name alone, whether or not the table knows the model. */
export function weightsFromName(model: string, quantization?: string): Weights {
  const { parametersB, precision, onlyActive, manyFiles } = readModelName(model);
  const stored = precision ?? storedPrecision(quantization);
  if (parametersB === null) {
    return unknown(
      onlyActive
        ? "The name tells only the parameters that are active at a time, not those stored"
        : "The name tells no size",
    );
  }
  if (manyFiles && stored === null) {
    return unknown("The repository holds files of several sizes, and none is named");
  }
  const size = weightsGb(parametersB, stored ?? SIXTEEN_BITS);
  return {
    basis: "name",
    parametersB,
    weightsGb: size,
    loadedGb: loadedGb(size, parametersB, stored, quantization),
    margin: stored ? MARGIN : MARGIN_OF_ASSUMED_PRECISION,
    reason: `Estimated from the name: ${billions(parametersB)} at ${
      stored?.name ?? "16 bits, which is assumed since the name tells no precision"
    }.`,
  };
}

/** Of names that tell their precision, four in five lie well within. */
const MARGIN = 0.3;
/** A repository may hold 8 bits and not say so. */
const MARGIN_OF_ASSUMED_PRECISION = 0.5;
const MARGIN_OF_PARAMETERS = 0.2;
/** What else a server writes: logs, temporary files, packages. */
const DISK_BESIDES_CACHE_GB = 20;
const USABLE_GPU_SHARE = 0.9;

const GATED_FAMILIES = /^(?:meta-llama\/|google\/gemma-[23]?(?:-|n-|\d{1,3}b))/i;
/** Methods that quantise while loading; all others expect weights that are quantised already. */
const QUANTISES_ON_LOAD = /^(?:fp8|bitsandbytes|experts_int8|eetq)/i;

function fromUser(query: SizeQuery, row: ModelRow | undefined): Weights | null {
  const { parametersB, precision } = readModelName(query.model);
  const givenParameters = atLeast(Number.MIN_VALUE, query.parametersB);
  const given = atLeast(Number.MIN_VALUE, query.weightsGb);
  const stored = precision ?? storedPrecision(query.quantization);
  if (given !== null) {
    const parameters = givenParameters ?? row?.parametersB ?? parametersB;
    return {
      basis: "user",
      parametersB: parameters,
      weightsGb: given,
      loadedGb: loadedGb(given, parameters, stored, query.quantization),
      margin: 0,
      reason: `The weights are given as ${gigabytes(given)}.`,
    };
  }
  if (givenParameters === null) return null;
  const size = weightsGb(givenParameters, stored ?? SIXTEEN_BITS);
  return {
    basis: "user",
    parametersB: givenParameters,
    weightsGb: size,
    loadedGb: loadedGb(size, givenParameters, stored, query.quantization),
    margin: MARGIN_OF_PARAMETERS,
    reason: `Computed from the given ${billions(givenParameters)} at ${(stored ?? SIXTEEN_BITS).name}.`,
  };
}

function fromTable(row: ModelRow, quantization: string | undefined): Weights {
  const isQuantised = row.quantization !== null;
  // Servers load 32-bit weights at 16 bits.
  const size = row.dtype === "float32" ? row.weightsGb / 2 : row.weightsGb;
  return {
    basis: "table",
    parametersB: row.parametersB,
    weightsGb: row.weightsGb,
    loadedGb: isQuantised ? size : loadedGb(size, row.parametersB, null, quantization),
    margin: 0,
    reason: `Measured: the repository's weights take ${gigabytes(row.weightsGb)} (${billions(row.parametersB)}, ${row.quantization ?? row.dtype}).`,
  };
}

/** The weights in GPU memory: less than on disk where the server quantises while it loads. */
function loadedGb(
  size: number,
  parametersB: number | null,
  stored: Precision | null,
  quantization: string | undefined,
): number {
  const onLoad = quantization !== undefined && QUANTISES_ON_LOAD.test(quantization);
  const precision = onLoad && !stored?.keepsEmbeddings ? readPrecision(quantization) : null;
  if (precision === null || parametersB === null) return size;
  return Math.min(size, weightsGb(parametersB, precision));
}

/** What the weights must be stored in for the server to take them with this `--quantization`. */
function storedPrecision(quantization: string | undefined): Precision | null {
  if (quantization === undefined || QUANTISES_ON_LOAD.test(quantization)) return null;
  return readPrecision(quantization);
}

function gpuMemory(loaded: number, cache: number | null): number {
  const needed =
    cache === null
      ? loaded + Math.max(2, 0.2 * loaded)
      : loaded + Math.max(2, 0.1 * loaded) + cache;
  return tenths(needed / USABLE_GPU_SHARE);
}

function unknown(why: string): Weights {
  return {
    basis: "unknown",
    parametersB: null,
    weightsGb: null,
    loadedGb: null,
    margin: 0,
    reason: `${why}: give its parametersB or weightsGb.`,
  };
}

/** A figure that can be one; anything else is ignored as if it had not been given. */
function atLeast(least: number, value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value >= least ? value : null;
}

function tenths(value: number): number {
  return Math.ceil(value * 10) / 10;
}

function billions(parametersB: number): string {
  return `${Number(parametersB.toPrecision(3))} billion parameters`;
}

function gigabytes(size: number): string {
  return `${Number(size.toPrecision(3))} GB`;
}
