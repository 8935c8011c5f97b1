import { readModelName } from "./model-name";
import { findBase, findModel, type ModelRow } from "./model-table";
import { type Precision, readPrecision, SIXTEEN_BITS, weightsGb } from "./precision";

/** A model by its repository id, with figures that override the table's. */
export interface SizeQuery {
  /** The repository id on the hub, for example `"Qwen/Qwen3-30B-A3B"`, or Ollama's `name:tag`. */
  readonly model: string;
  /**
   * The server's `--quantization`, or its default. Methods such as `fp8` and `bitsandbytes` quantize
   * while loading: they save GPU memory, but no download.
   */
  readonly quantization?: string;
  /** Context length that must fit, in tokens; 0 for any. @default the model's own, if known */
  readonly maxModelLen?: number;
  /** Billions of parameters, all experts counted. */
  readonly parametersB?: number;
  /** Size of the weights as downloaded, in decimal gigabytes. */
  readonly weightsGb?: number;
}

/** The size of a model's weights, in decimal gigabytes, and the source of that figure. */
export interface Weights {
  /**
   * The source of the figures. `table`: measured. `user`: from the query. `base`: computed from the
   * measured repository that this one is a copy of. `name`: estimated from the name. `unknown`: none.
   */
  readonly basis: "table" | "user" | "base" | "name" | "unknown";
  readonly parametersB: number | null;
  /** Download size. */
  readonly weightsGb: number | null;
  /** Size in the memory of one GPU. */
  readonly loadedGb: number | null;
  /** Relative uncertainty; 0 for a measured size. */
  readonly margin: number;
  /** One sentence on how the size was found. */
  readonly reason: string;
  /** The row with the model's architecture; null if not known. */
  readonly shape: ModelRow | null;
}

/** The weights from the best available source. */
export function weightsOf(query: SizeQuery): Weights {
  const row = findModel(query.model);
  const base = row ?? findBase(query.model);
  const given = fromUser(query, base);
  if (given !== null) {
    return given;
  }
  if (row !== undefined) {
    return fromTable(row, query.quantization);
  }
  return (base && fromBase(query, base)) ?? weightsFromName(query.model, query.quantization);
}

/** Estimates the weights from the name alone, even if the table has the model. */
export function weightsFromName(model: string, quantization?: string): Weights {
  const { parametersB, precision, ...name } = readModelName(model);
  const stored = precision ?? storedPrecision(quantization);
  if (name.holds !== null) {
    return unknown(OTHER_HOLDINGS[name.holds]);
  }
  if (parametersB === null) {
    return unknown(
      name.onlyActive
        ? "The name gives only the active parameters, not the stored ones"
        : "The name gives no size",
    );
  }
  if (name.manyFiles && stored === null) {
    return unknown(MANY_FILES);
  }
  const size = weightsGb(parametersB, stored ?? SIXTEEN_BITS) * roundedName(stored);
  return {
    basis: "name",
    parametersB,
    weightsGb: size,
    loadedGb: loadedGb(size, parametersB, stored, quantization),
    margin: stored ? MARGIN : MARGIN_OF_ASSUMED_PRECISION,
    reason: `Estimated from the name: ${billions(parametersB)} at ${
      stored?.name ?? "16 bits (assumed: the name gives no precision)"
    }.`,
    shape: null,
  };
}

const MANY_FILES = "The repository has files of several sizes, and the name does not choose one";
const OTHER_HOLDINGS = {
  adapter: "This is an adapter, and its name gives only the size of the adapted model",
  "draft model":
    "This is a draft model, and its name gives only the size of the model it drafts for",
  pipeline:
    "The repository has several models, such as encoders, and the name gives the size of at most one",
};
/** Four in five names that give a precision are well within this margin. */
const MARGIN = 0.3;
/** A repository may store 8 bits without naming the precision. */
const MARGIN_OF_ASSUMED_PRECISION = 0.5;
const MARGIN_OF_PARAMETERS = 0.2;
/** Quantized copies differ in which layers they do not quantize. */
const MARGIN_OF_COPY = 0.2;

/** Methods that quantize while loading; all others expect quantized weights. */
const QUANTISES_ON_LOAD = /^(?:fp8|bitsandbytes|experts_int8|eetq|torchao|mxfp[48]|nvfp4)/i;

function fromUser(query: SizeQuery, base: ModelRow | undefined): Weights | null {
  const { parametersB, precision } = readModelName(query.model);
  const givenParameters = positive(query.parametersB);
  const given = positive(query.weightsGb);
  const stored = precision ?? storedPrecision(query.quantization);
  const shape = base ?? null;
  if (given !== null) {
    const parameters = givenParameters ?? base?.parametersB ?? parametersB;
    return {
      basis: "user",
      parametersB: parameters,
      weightsGb: given,
      loadedGb: loadedGb(given, parameters, stored, query.quantization),
      margin: 0,
      reason: `Given: the weights take ${gigabytes(given)}.`,
      shape,
    };
  }
  if (givenParameters === null) {
    return null;
  }
  const size = weightsGb(givenParameters, stored ?? SIXTEEN_BITS) * roundedName(stored);
  return {
    basis: "user",
    parametersB: givenParameters,
    weightsGb: size,
    loadedGb: loadedGb(size, givenParameters, stored, query.quantization),
    margin: MARGIN_OF_PARAMETERS,
    reason: `Computed from the given ${billions(givenParameters)} at ${(stored ?? SIXTEEN_BITS).name}.`,
    shape,
  };
}

function fromTable(row: ModelRow, quantization: string | undefined): Weights {
  const isQuantized = row.quantization !== null;
  const size = row.loadedGb ?? sixteenBitsAtMost(row);
  const from = row.sizeBasis === "published_parameters" ? "Computed from the published" : null;
  return {
    basis: "table",
    parametersB: row.parametersB,
    weightsGb: row.weightsGb,
    loadedGb: isQuantized ? size : loadedGb(size, row.parametersB, null, quantization),
    margin: from === null ? 0 : MARGIN_OF_PUBLISHED,
    reason: from
      ? `${from} ${billions(row.parametersB)} (${row.quantization ?? row.dtype}).`
      : `Measured: the repository's weights take ${gigabytes(row.weightsGb)} (${billions(row.parametersB)}, ${row.quantization ?? row.dtype}).`,
    shape: row,
  };
}

const MARGIN_OF_PUBLISHED = 0.1;

/** A copy with another owner or precision: the same parameters, stored differently. */
function fromBase({ model, quantization }: SizeQuery, base: ModelRow): Weights | null {
  const { precision, manyFiles, holds } = readModelName(model);
  const given = precision ?? storedPrecision(quantization);
  if (holds !== null || (manyFiles && given === null)) {
    return null;
  }
  const size = given === null ? base.weightsGb : weightsGb(base.parametersB, given);
  const loaded = given === null ? sixteenBitsAtMost(base) : size;
  const isStored = given !== null || base.quantization !== null;
  return {
    basis: "base",
    parametersB: base.parametersB,
    weightsGb: size,
    loadedGb: isStored ? loaded : loadedGb(loaded, base.parametersB, null, quantization),
    margin: MARGIN_OF_COPY,
    reason: `Computed from ${base.id}: ${billions(base.parametersB)} at ${given?.name ?? base.quantization ?? base.dtype}.`,
    shape: base,
  };
}

/** Servers load 32-bit weights at 16 bits. */
function sixteenBitsAtMost({ dtype, weightsGb: size }: ModelRow): number {
  return dtype === "float32" ? size / 2 : size;
}

/** Size of the weights in GPU memory: less than on disk if the server quantizes while loading. */
function loadedGb(
  size: number,
  parametersB: number | null,
  stored: Precision | null,
  quantization: string | undefined,
): number {
  const onLoad = quantization !== undefined && QUANTISES_ON_LOAD.test(quantization);
  const precision =
    onLoad && (stored === null || stored === SIXTEEN_BITS) ? readPrecision(quantization) : null;
  if (precision === null || parametersB === null) {
    return size;
  }
  return Math.min(size, weightsGb(parametersB, precision));
}

/** The precision that this `--quantization` expects of stored weights; null if it quantizes while loading. */
function storedPrecision(quantization: string | undefined): Precision | null {
  if (quantization === undefined || QUANTISES_ON_LOAD.test(quantization)) {
    return null;
  }
  return readPrecision(quantization);
}

/** Corrects for names that round down: Qwen3-32B has 32.8 billion parameters. */
function roundedName(stored: Precision | null): number {
  return stored?.embeddingsKept ? 1.02 : 1.05;
}

function unknown(why: string): Weights {
  return {
    basis: "unknown",
    parametersB: null,
    weightsGb: null,
    loadedGb: null,
    margin: 0,
    reason: `${why}: set parametersB or weightsGb.`,
    shape: null,
  };
}

/** null if it is not a positive number, as if it was not given. */
function positive(value = Number.NaN): number | null {
  return value > 0 && value < Number.POSITIVE_INFINITY ? value : null;
}

function billions(parametersB: number): string {
  return `${Number(parametersB.toPrecision(3))} billion parameters`;
}

function gigabytes(size: number): string {
  return `${Number(size.toPrecision(3))} GB`;
}
