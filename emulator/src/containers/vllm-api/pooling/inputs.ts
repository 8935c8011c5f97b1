import { textOf } from "../../canned-answer";
import { type Fields, isObject } from "../../values";
import { numberOf } from "../fields";
import { allowedTokens } from "../generation";
import type { Call } from "../served";

/** One input of a request, and how many tokens it has. */
export interface Input {
  text: string;
  tokens: number;
}

/** What `input` or `messages` ask about: strings, tokens or conversations. Throws if one is too long. */
export function inputsOf(body: Fields, call: Call): Input[] {
  const given = body["messages"] ?? body["input"];
  const list = Array.isArray(given) ? given : [given];
  const isOne =
    list.length > 0 && (list.every(isObject) || list.every((id) => typeof id === "number"));
  return (isOne ? [list] : list).map((item) => measured(item, body, call));
}

export function measured(item: unknown, body: Fields, { served, onSent }: Call): Input {
  const parts = [item].flat();
  const { vocabulary, maxModelLen } = served;
  const text = parts
    .map((part) =>
      typeof part === "number"
        ? vocabulary.text([part])
        : isObject(part)
          ? textOf(part["content"])
          : String(part),
    )
    .join("");
  const isTokens = typeof parts[0] === "number";
  const count = isTokens ? parts.length : Math.max(1, vocabulary.split(text).length);
  const cut = numberOf(body, "truncate_prompt_tokens") ?? Number.POSITIVE_INFINITY;
  const tokens = Math.min(count, cut === -1 ? maxModelLen : cut);
  allowedTokens({ name: "max_tokens", maxTokens: null, stop: null }, tokens, maxModelLen);
  served.statistics.record(
    { promptTokens: tokens, maxTokens: 0, n: 1, tokens: [], finish: "stop" },
    onSent,
  );
  return { text, tokens };
}

/** The tokens of a request that generates none. */
export function promptUsage(inputs: readonly Input[]) {
  const prompt_tokens = inputs.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    prompt_tokens,
    total_tokens: prompt_tokens,
    completion_tokens: 0,
    prompt_tokens_details: null,
  };
}

/** An answer about each input, in the form that all but `/rerank` share. */
export function listed(
  id: string,
  { created }: Call,
  model: string,
  inputs: readonly Input[],
  about: (input: Input, index: number) => object,
): Response {
  return Response.json({
    id,
    object: "list",
    created,
    model,
    data: inputs.map((input, index) => ({ index, ...about(input, index) })),
    usage: promptUsage(inputs),
  });
}
