import type { Fields } from "../values";
import { badRequest, badValue, notEmulated } from "./errors";
import { numberOf } from "./fields";
import { pythonFloat, pythonRepr } from "./python";
import type { VllmServed } from "./served";

/** Throws vLLM's refusal of the first sampling parameter that is out of range. */
export function checkSampling(body: Fields, maxTokens: number): void {
  const number = (name: string) => numberOf(body, name);
  const n = number("n") ?? 1;
  const temperature = number("temperature") ?? 1;
  if (n < 1) {
    throw badRequest(`n must be at least 1, got ${n}.`);
  }
  if (n > MAX_N) {
    throw badRequest(
      `n must be at most ${MAX_N}, got ${n}. To increase this limit, set the VLLM_MAX_N_SEQUENCES environment variable.`,
    );
  }
  for (const name of ["presence_penalty", "frequency_penalty"]) {
    const penalty = number(name) ?? 0;
    if (penalty < -2 || penalty > 2) {
      throw badRequest(`${name} must be in [-2, 2], got ${pythonFloat(penalty)}.`);
    }
  }
  const repetition = number("repetition_penalty") ?? 1;
  if (repetition <= 0) {
    throw badRequest(
      `repetition_penalty must be greater than zero, got ${pythonFloat(repetition)}.`,
    );
  }
  if (temperature < 0) {
    throw outOfRange("temperature", "must be non-negative", pythonFloat(temperature));
  }
  if (temperature > 2) {
    throw outOfRange("temperature", "must be in [0, 2]", pythonFloat(temperature));
  }
  const topP = number("top_p") ?? 1;
  if (topP <= 0 || topP > 1) {
    throw outOfRange("top_p", "must be in (0, 1]", pythonFloat(topP));
  }
  const topK = number("top_k") ?? 0;
  if (topK < -1) {
    throw badRequest(`top_k must be 0 (disable), or at least 1, got ${topK}.`);
  }
  const minP = number("min_p") ?? 0;
  if (minP < 0 || minP > 1) {
    throw badRequest(`min_p must be in [0, 1], got ${pythonFloat(minP)}.`);
  }
  checkLengths(number("min_tokens") ?? 0, maxTokens);
  if ([body["stop"]].flat().includes("")) {
    throw badRequest("stop cannot contain an empty string.");
  }
  const words = body["bad_words"];
  if (Array.isArray(words) && words.includes("")) {
    throw badRequest(
      `bad_words cannot contain an empty string. Got bad_words=${pythonRepr(words)}`,
    );
  }
  if (n > 1 && temperature < GREEDY_BELOW) {
    throw badRequest(`n must be 1 when using greedy sampling, got ${n}.`);
  }
}

/** How many alternatives a request may ask for at each token, by `--max-logprobs`; -1 asks for all. */
export function checkLogprobs(body: Fields, sampled: number, served: VllmServed): void {
  const all = served.vocabularySize ?? USUAL_VOCABULARY;
  const most = served.maxLogprobs === -1 ? all : served.maxLogprobs;
  const wanted = [
    ["sample", "logprobs", sampled],
    ["prompt", "prompt_logprobs", numberOf(body, "prompt_logprobs") ?? 0],
  ] as const;
  for (const [kind, name, asked] of wanted) {
    const count = asked === -1 ? all : asked;
    if (count > most) {
      throw badValue(
        `Requested ${kind} logprobs of ${count}, which is greater than max allowed: ${most}`,
        name,
        String(count),
      );
    }
    if (count > MOST_SHOWN) {
      throw notEmulated(`${name} of more than ${MOST_SHOWN} are not emulated.`);
    }
  }
}

/** Source: `_validate_logit_bias` and `_validate_allowed_token_ids` of vllm/sampling_params.py */
export function checkVocabulary(body: Fields, { vocabularySize }: VllmServed): void {
  const size = vocabularySize ?? Number.POSITIVE_INFINITY;
  const biased = Object.keys(body["logit_bias"] ?? {});
  const word = biased.find((key) => !/^\s*[+-]?\d+\s*$/.test(key));
  if (word !== undefined) {
    throw badRequest(`invalid literal for int() with base 10: ${pythonRepr(word)}`);
  }
  const outside = (ids: readonly unknown[]) => ids.map(Number).filter((id) => id < 0 || id >= size);
  const strange = outside(biased);
  if (strange.length > 0) {
    const list = pythonRepr(strange);
    throw badValue(
      `token_id(s) ${list} in logit_bias contain out-of-vocab token ids.${vocabularySize === null ? "" : ` Vocabulary size: ${vocabularySize}`}`,
      "logit_bias",
      list,
    );
  }
  const allowed = body["allowed_token_ids"];
  if (!Array.isArray(allowed)) {
    return;
  }
  if (allowed.length === 0) {
    throw badValue("allowed_token_ids is not None and empty!", "allowed_token_ids", "[]");
  }
  const unknown = outside(allowed);
  if (unknown.length > 0) {
    const list = pythonRepr(unknown);
    throw badValue("allowed_token_ids contains out-of-vocab token id!", "allowed_token_ids", list);
  }
}

function checkLengths(minTokens: number, maxTokens: number): void {
  if (maxTokens < 1) {
    throw outOfRange("max_tokens", "must be at least 1", String(maxTokens));
  }
  if (minTokens < 0) {
    throw badRequest(`min_tokens must be greater than or equal to 0, got ${minTokens}.`);
  }
  if (minTokens > maxTokens) {
    throw badRequest(
      `min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${minTokens}.`,
    );
  }
}

function outOfRange(name: string, rule: string, value: string): Error {
  return badValue(`${name} ${rule}, got ${value}.`, name, value);
}

const MAX_N = 16_384;
/** Of a model whose own is not known. */
const USUAL_VOCABULARY = 151_936;
/** Keeps an answer within the memory of a program. */
const MOST_SHOWN = 1_024;
const GREEDY_BELOW = 1e-5;
