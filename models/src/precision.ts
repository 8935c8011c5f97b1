/** How weights are stored. */
export interface Precision {
  /** For people: `"16 bits"`, `"FP8"`, `"Q4_K_M"`. */
  readonly name: string;
  readonly bytesPerParameter: number;
  /** Embeddings stay at 16 bits, which the average of a quantised model hides. */
  readonly keepsEmbeddings: boolean;
}

export const SIXTEEN_BITS: Precision = {
  name: "16 bits",
  bytesPerParameter: 2,
  keepsEmbeddings: false,
};

/** The precision that a model's name or a server's `--quantization` tells; null if it tells none. */
export function readPrecision(text: string): Precision | null {
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(text);
    if (match) return read(match);
  }
  return null;
}

/** Weights of a model as stored, in decimal gigabytes. */
export function weightsGb(parametersB: number, precision: Precision): number {
  const embeddings = precision.keepsEmbeddings ? Math.min(2, parametersB / 4) : 0;
  return parametersB * precision.bytesPerParameter * 1.05 + embeddings;
}

/** The first that matches decides, so `AWQ-BF16-INT4` is 4 bits and `GPTQ-Int8` is 8. */
const PATTERNS: readonly [RegExp, (match: RegExpExecArray) => Precision][] = [
  [/nvfp4|modelopt_fp4/i, () => quantised("NVFP4", 0.5625)],
  [/mxfp4/i, () => quantised("MXFP4", 0.55)],
  [/fp4/i, () => quantised("FP4", 0.5625)],
  [/(?<![a-z0-9])i?q([2-8])(?:_[a-z0-9]{1,8}){0,4}(?![a-z0-9])/i, gguf],
  [/(?<![a-z0-9])int([2-8])(?![0-9])/i, bits],
  [/(?<![a-z0-9])w([48])a\d/i, bits],
  [/(?<![a-z0-9])([2-8])-?bits?(?![a-z0-9])/i, bits],
  [/fp8|float8/i, () => quantised("FP8", 1.1)],
  [/eetq/i, () => quantised("8 bits", 1.1)],
  [/awq|gptq|bnb|bitsandbytes|nf4|marlin/i, () => quantised("4 bits", 0.55)],
  [/(?<![a-z0-9])(?:fp|float|f)32(?![a-z0-9])/i, () => plain("32 bits", 4)],
  [/(?<![a-z0-9])(?:b?fp?|b?float)16(?![a-z0-9])/i, () => SIXTEEN_BITS],
];

function bits(match: RegExpExecArray): Precision {
  return quantised(`${match[1]} bits`, (Number(match[1]) * 1.1) / 8);
}

/** llama.cpp's formats carry scales, and their embeddings are quantised too: `Q4_K_M` takes 4.8 bits. */
function gguf(match: RegExpExecArray): Precision {
  return plain(match[0].toUpperCase(), (Number(match[1]) + 0.8) / 8);
}

function quantised(name: string, bytesPerParameter: number): Precision {
  return { name, bytesPerParameter, keepsEmbeddings: true };
}

function plain(name: string, bytesPerParameter: number): Precision {
  return { name, bytesPerParameter, keepsEmbeddings: false };
}
