import { type Precision, readPrecision } from "./precision";

/** Facts in a model's name; null if the name does not give them. */
export interface ModelName {
  /** Billions of parameters, all experts counted. */
  readonly parametersB: number | null;
  readonly precision: Precision | null;
  /** Whether the name gives only the parameters active for a token, not the stored ones. */
  readonly onlyActive: boolean;
  /** Whether the repository has files of several sizes and the name does not choose one. */
  readonly manyFiles: boolean;
  /** What the repository contains if it is not the model whose size is in the name; otherwise null. */
  readonly holds: "adapter" | "draft model" | "pipeline" | null;
}

/**
 * Reads a repository id, a path or a tag: `Llama-3.1-8B`, `Mixtral-8x7B`, `Qwen3-30B-A3B`,
 * `gemma-4-E2B`, `SmolLM2-135M`, `Ling-1T`, `Qwen3-32B-AWQ`, `llama3.1:8b-instruct-q4_K_M`,
 * `Qwen3-32B-exl3@4.0bpw`. Versions, dates and context lengths do not count as sizes.
 */
export function readModelName(model: string): ModelName {
  const { name, revision } = parts(model);
  const precision = readPrecision(name) ?? branchPrecision(name, revision) ?? familyPrecision(name);
  const parametersB = readParameters(name);
  return {
    parametersB,
    precision,
    onlyActive: parametersB === null && (ACTIVE.test(name) || ACTIVE_BY_EXPERTS.test(name)),
    manyFiles: precision === null && /gguf|exl[23]/i.test(name),
    holds: holdings(name),
  };
}

/** The name of a repository without its owner, `@revision`, `:tag` and precision. */
export function baseName(model: string): string {
  const { name } = parts(model);
  return name.replace(/:.*/s, "").replace(VARIANT, "");
}

const LONGEST_NAME = 200;
const NUMBER = String.raw`(\d{1,5}(?:\.\d{1,3})?)`;
/** The start of a number: not inside a word, and not after `1_` as in `internlm2-1_8b`. */
const START = String.raw`(?<![a-z0-9.]|\d_)`;
const END = "(?![a-z0-9])";

const EXPERTS = new RegExp(`${START}(\\d{1,3})x${NUMBER}b${END}`, "i");
const EFFECTIVE = new RegExp(`${START}e${NUMBER}b${END}`, "i");
const ACTIVE = new RegExp(`${START}a${NUMBER}b${END}`, "i");
const ACTIVE_BY_EXPERTS = new RegExp(`${START}${NUMBER}b-\\d{1,4}e${END}`, "i");
const BILLIONS = new RegExp(`${START}${NUMBER}b${END}`, "i");
const TRILLIONS = new RegExp(`${START}${NUMBER}t${END}`, "i");
const MILLIONS = new RegExp(`${START}(\\d{2,4})m${END}`, "i");

/** The words that a quantized copy adds to the name of its model. */
const VARIANT =
  /[-_.](?:(?:nv|mx)?fp[48]|float8|i?q[2-8](?=_)|int[2-8]|w[48]a\d|[2-8]-?bits?|\d(?:\.\d+)?bpw|awq|gptq|bnb|nf4|auto-?round|gguf|exl[23]|quantized|qat|mlx|unsloth|b?f(?:p|loat)?16)(?![a-z]).*/is;

/** Families that are published quantized without naming the precision. */
const QUANTISED_FAMILIES: readonly [RegExp, string][] = [
  [/gpt-?oss/i, "MXFP4"],
  [/ministral-3-|mistral-(?:large-3|small-4|medium-3\.5)-|devstral-(?:2-123|small-2-24)b/i, "FP8"],
];

const ADAPTER = /(?:^|[-_.])(?:q?lora|dora|adapter|peft)s?(?:$|[-_.])/i;
const DRAFT = /eagle-?3|eagle(?![\d.a-z])|medusa|speculator|dflash/i;
/** Families whose repositories also contain text encoders and decoders. */
const PIPELINE =
  /^(?:wan-?\d|flux|sdxl|stable-(?:diffusion|video|audio)|hunyuan-?(?:video|image)|ltx|cog(?:video|view)|qwen-image|hidream|mochi|cosmos|sana|pixart|kandinsky|z-image|chroma|bagel|glm-image)/i;

function parts(model: string): { name: string; revision: string } {
  const [path = "", revision = ""] = model.slice(-LONGEST_NAME).split("@");
  return { name: path.split("/").findLast(Boolean) ?? "", revision };
}

/** Each branch of an ExLlama repository has one size: `@4.0bpw`, `@6_5`. */
function branchPrecision(name: string, revision: string): Precision | null {
  if (!/exl[23]/i.test(name)) {
    return null;
  }
  return readPrecision(/^\d_\d{1,2}$/.test(revision) ? `${revision}bpw` : revision);
}

function familyPrecision(name: string): Precision | null {
  const family = QUANTISED_FAMILIES.find(([pattern]) => pattern.test(name));
  return family ? readPrecision(family[1]) : null;
}

function holdings(name: string): ModelName["holds"] {
  if (ADAPTER.test(name) && !/merged|fused/i.test(name)) {
    return "adapter";
  }
  if (DRAFT.test(name)) {
    return "draft model";
  }
  return PIPELINE.test(name) && !/gguf/i.test(name) ? "pipeline" : null;
}

function readParameters(name: string): number | null {
  const experts = EXPERTS.exec(name);
  if (experts) {
    // Attention and embeddings are shared: Mixtral 8x7B has 46.7 billion, 8x22B has 140.6 billion.
    return positive(Number(experts[1]) * Number(experts[2]) * 0.82);
  }
  const effective = EFFECTIVE.exec(name);
  if (effective) {
    // Per-layer embeddings are extra: Gemma 3n and 4 store 5.1 billion as E2B and 8 billion as E4B.
    return positive(Number(effective[1]) * 1.5 + 2);
  }
  if (ACTIVE_BY_EXPERTS.test(name)) {
    return null;
  }
  const billions = BILLIONS.exec(name);
  if (billions) {
    return positive(Number(billions[1]));
  }
  const trillions = TRILLIONS.exec(name);
  if (trillions) {
    return positive(Number(trillions[1]) * 1000);
  }
  const millions = MILLIONS.exec(name);
  return millions ? positive(Number(millions[1]) / 1000) : null;
}

function positive(value: number): number | null {
  return value > 0 ? value : null;
}
