/** How weights are stored. */
export interface Precision {
  /** For display: `"16 bits"`, `"FP8"`, `"Q4_K_M"`. */
  readonly name: string;
  /** Includes scales. */
  readonly bytesPerParameter: number;
  /** The share of the embeddings that stays at 16 bits. */
  readonly embeddingsKept: number;
}

export const SIXTEEN_BITS: Precision = plain("16 bits", 2);

/** The precision in a model's name or a server's `--quantization`; null if there is none. */
export function readPrecision(text: string): Precision | null {
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(text);
    if (match) {
      return read(match);
    }
  }
  return null;
}

/** Stored size of a model's weights, in decimal gigabytes. */
export function weightsGb(parametersB: number, precision: Precision): number {
  const { bytesPerParameter, embeddingsKept } = precision;
  // Both embedding matrices of a large vocabulary. Small models often share one.
  const embeddingsB = Math.min(1.5, parametersB / 8) * embeddingsKept;
  return parametersB * bytesPerParameter + embeddingsB * (2 - bytesPerParameter);
}

/** The first match decides, so `AWQ-BF16-INT4` is 4 bits and `GPTQ-Int8` is 8. */
const PATTERNS: readonly [RegExp, (match: RegExpExecArray) => Precision][] = [
  [/unquanti[sz]ed/i, () => SIXTEEN_BITS],
  [/nvfp4|modelopt_fp4/i, () => quantized("NVFP4", 0.59)],
  [/mxfp4/i, () => quantized("MXFP4", 0.54)],
  [/mxfp8/i, () => quantized("MXFP8", 1.03)],
  [/fp4/i, () => quantized("FP4", 0.59)],
  [/(?<![\d.])(\d(?:[._]\d{1,2})?)[-_ ]?bpw/i, exllama],
  [/(?<![a-z0-9])i?q([2-8])(?:_[a-z0-9]{1,8}){0,4}(?![a-z0-9])/i, gguf],
  [/(?<![a-z0-9])q([2-8])f(?:16|32)/i, bits],
  [/(?<![a-z0-9])int([2-8])(?![0-9])/i, bits],
  [/(?<![a-z0-9])w([48])a\d/i, bits],
  [/(?<![a-z0-9])([2-8])-?bits?(?![a-z0-9])/i, bits],
  [/fp8|float8/i, () => quantized("FP8", 1.01)],
  [/eetq/i, () => quantized("8 bits", 1.01)],
  [/awq|gptq|bnb|bitsandbytes|nf4|marlin|auto-?round/i, () => quantized("4 bits", 0.53)],
  [/(?<![a-z0-9])(?:fp|float|f)32(?![a-z0-9])/i, () => plain("32 bits", 4)],
  [/(?<![a-z0-9])(?:b?fp?|b?float)16(?![a-z0-9])/i, () => SIXTEEN_BITS],
  [/bitnet|(?<![a-z0-9])b1\.58/i, () => quantized("2 bits", 0.265)],
];

function bits(match: RegExpExecArray): Precision {
  const count = Number(match[1]);
  return quantized(`${count} bits`, count === 8 ? 1.015 : (count * 1.06) / 8);
}

/** llama.cpp's formats carry scales, and their embeddings are quantized too: `Q4_K_M` takes 4.8 bits. */
function gguf(match: RegExpExecArray): Precision {
  return plain(match[0].toUpperCase(), (Number(match[1]) + 0.8) / 8);
}

/** ExLlama's formats name the bits per weight; only the input embeddings stay at 16 bits. */
function exllama(match: RegExpExecArray): Precision {
  const perWeight = Number(match[1]?.replace("_", "."));
  return {
    name: `${perWeight} bits per weight`,
    bytesPerParameter: perWeight / 8,
    embeddingsKept: 0.5,
  };
}

function quantized(name: string, bytesPerParameter: number): Precision {
  return { name, bytesPerParameter, embeddingsKept: 1 };
}

function plain(name: string, bytesPerParameter: number): Precision {
  return { name, bytesPerParameter, embeddingsKept: 0 };
}
