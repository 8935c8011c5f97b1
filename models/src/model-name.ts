import { type Precision, readPrecision } from "./precision";

/** What a model's name tells of it; null where it tells nothing. */
export interface ModelName {
  /** Billions of parameters, all experts counted. */
  readonly parametersB: number | null;
  readonly precision: Precision | null;
  /** The name gives only the parameters that are active for a token, not those that are stored. */
  readonly onlyActive: boolean;
  /** A repository of GGUF files, of which the name does not say which one is meant. */
  readonly manyFiles: boolean;
}

/**
 * Reads a repository id, a path or a tag: `Llama-3.1-8B`, `Mixtral-8x7B`, `Qwen3-30B-A3B`,
 * `gemma-4-E2B`, `SmolLM2-135M`, `Ling-1T`, `Qwen3-32B-AWQ`, `llama3.1:8b-instruct-q4_K_M`.
 * Numbers that are versions, dates or context lengths are not taken for sizes.
 */
export function readModelName(model: string): ModelName {
  const name = lastSegment(model);
  const precision = readPrecision(name) ?? familyPrecision(name);
  const parametersB = readParameters(name);
  return {
    parametersB,
    precision,
    onlyActive: parametersB === null && (ACTIVE.test(name) || ACTIVE_BY_EXPERTS.test(name)),
    manyFiles: precision === null && /gguf/i.test(name),
  };
}

const LONGEST_NAME = 200;
const NUMBER = String.raw`(\d{1,5}(?:\.\d{1,3})?)`;
/** A number that begins here: not within a word, nor after `1_` as in `internlm2-1_8b`. */
const START = String.raw`(?<![a-z0-9.]|\d_)`;
const END = "(?![a-z0-9])";

const EXPERTS = new RegExp(`${START}(\\d{1,3})x${NUMBER}b${END}`, "i");
const EFFECTIVE = new RegExp(`${START}e${NUMBER}b${END}`, "i");
const ACTIVE = new RegExp(`${START}a${NUMBER}b${END}`, "i");
const ACTIVE_BY_EXPERTS = new RegExp(`${START}${NUMBER}b-\\d{1,4}e${END}`, "i");
const BILLIONS = new RegExp(`${START}${NUMBER}b${END}`, "i");
const TRILLIONS = new RegExp(`${START}${NUMBER}t${END}`, "i");
const MILLIONS = new RegExp(`${START}(\\d{2,4})m${END}`, "i");

/** Published quantised although the names do not say so. */
const QUANTISED_FAMILIES: readonly [RegExp, string][] = [
  [/gpt-?oss/i, "MXFP4"],
  [/ministral-3-|mistral-(?:large-3|small-4|medium-3\.5)-/i, "FP8"],
];

function lastSegment(model: string): string {
  const [path = ""] = model.slice(-LONGEST_NAME).split("@");
  return path.split("/").findLast(Boolean) ?? "";
}

function familyPrecision(name: string): Precision | null {
  const family = QUANTISED_FAMILIES.find(([pattern]) => pattern.test(name));
  return family ? readPrecision(family[1]) : null;
}

function readParameters(name: string): number | null {
  const experts = EXPERTS.exec(name);
  if (experts) {
    // Attention and embeddings are shared: Mixtral 8x7B holds 46.7, 8x22B holds 140.6 billion.
    return positive(Number(experts[1]) * Number(experts[2]) * 0.82);
  }
  const effective = EFFECTIVE.exec(name);
  if (effective) {
    // The embeddings of each layer come on top: E2B of Gemma 3n and 4 stores 5.1, E4B 8 billion.
    return positive(Number(effective[1]) * 1.5 + 2);
  }
  if (ACTIVE_BY_EXPERTS.test(name)) return null;
  const billions = BILLIONS.exec(name);
  if (billions) return positive(Number(billions[1]));
  const trillions = TRILLIONS.exec(name);
  if (trillions) return positive(Number(trillions[1]) * 1000);
  const millions = MILLIONS.exec(name);
  return millions ? positive(Number(millions[1]) / 1000) : null;
}

function positive(value: number): number | null {
  return value > 0 ? value : null;
}
