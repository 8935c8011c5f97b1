import type { Fields } from "../values";
import { badRequest, badValue } from "./errors";
import { numberOf } from "./fields";
import { pythonFloat } from "./python";

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
  if (n > 1 && temperature < GREEDY_BELOW) {
    throw badRequest(`n must be 1 when using greedy sampling, got ${n}.`);
  }
}

/** How many alternatives a request may ask for at each token. */
export function checkLogprobs(count: number): void {
  if (count > MAX_LOGPROBS) {
    throw badValue(
      `Requested sample logprobs of ${count}, which is greater than max allowed: ${MAX_LOGPROBS}`,
      "logprobs",
      String(count),
    );
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
const MAX_LOGPROBS = 20;
const GREEDY_BELOW = 1e-5;
