import { badValue, notEmulated } from "./errors";

/** The model's answer, token by token. */
export interface Generation {
  tokens: readonly string[];
  finish: "stop" | "length";
  /** The stop string that ended it. */
  stopReason: string | null;
}

export interface Limits {
  /** The field that limits the length, and its value; null without a limit. */
  name: string;
  maxTokens: number | null;
  stop: unknown;
}

/** How many tokens may be generated; throws what vLLM says of a request that is too long. */
export function allowedTokens(
  { name, maxTokens }: Limits,
  promptTokens: number,
  maxModelLen: number,
): number {
  const asked = maxTokens ?? 0;
  if (asked > maxModelLen) {
    throw badValue(
      `${name}=${asked} cannot be greater than max_model_len=max_total_tokens=${maxModelLen}. Please request fewer output tokens.`,
      name,
      String(asked),
    );
  }
  const longestPrompt = maxModelLen - asked;
  if (promptTokens > longestPrompt) {
    // vLLM reads no more of a prompt than shows that it is too long.
    const read = longestPrompt + 1;
    throw badValue(
      `This model's maximum context length is ${maxModelLen} tokens. However, you requested ${asked} output tokens and your prompt contains at least ${read} input tokens, for a total of at least ${read + asked} tokens. Please reduce the length of the input prompt or the number of requested output tokens.`,
      "input_tokens",
      String(read),
    );
  }
  return Math.min(maxTokens ?? Number.POSITIVE_INFINITY, maxModelLen - promptTokens);
}

/** Cuts an answer at the first stop string, or after as many tokens as are allowed. */
export function generate(text: string, stop: unknown, maxTokens: number): Generation {
  const stops = [stop].flat().filter((value) => typeof value === "string" && text.includes(value));
  const [first] = (stops as string[]).sort((a, b) => text.indexOf(a) - text.indexOf(b));
  const whole = first === undefined ? text : text.slice(0, text.indexOf(first));
  const tokens = whole === "" ? [] : whole.split(TOKEN_END);
  return tokens.length > maxTokens
    ? { tokens: tokens.slice(0, maxTokens), finish: "length", stopReason: null }
    : { tokens, finish: "stop", stopReason: first ?? null };
}

/** The tokens of an answer, as both completions report them. */
export function tokenUsage(promptTokens: number, generated: number) {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + generated,
    completion_tokens: generated,
  };
}

/** After a space, and after the marks of JSON that begin something. */
const TOKEN_END = /(?<=[ ,[{])/;

/** Keeps an answer within the memory of a program; vLLM would allow 16,384 choices. */
export function checkChoices(count: number): void {
  if (count > MAX_CHOICES) {
    throw notEmulated(
      `The emulator answers at most ${MAX_CHOICES} choices, and ${count} were asked for.`,
    );
  }
}

const MAX_CHOICES = 1_024;
