import type { Vocabulary } from "./vocabulary";

/** The log probabilities of a chat's tokens, in OpenAI's form. */
export function chatLogprobs(tokens: readonly string[], top: number, show: Show): unknown {
  return {
    content: tokens.map((token, place) => ({
      token: show(token),
      logprob: logprob(place),
      bytes: bytes(token),
      top_logprobs: ranked(token, place, top).map(([text, value]) => ({
        token: show(text),
        logprob: value,
        bytes: bytes(text),
      })),
    })),
  };
}

/** How an answer writes a token: its text, or its number for `return_tokens_as_token_ids`. */
export type Show = (token: string) => string;

/** Where a part of a text completion begins. */
export interface Begin {
  place: number;
  offset: number;
  /** Whether the first token is that of the prompt, which nothing precedes. */
  isPrompt: boolean;
}

/** The log probabilities of a text completion: of each token itself and of `top` others. */
export function completionLogprobs(
  tokens: readonly string[],
  top: number,
  { place, offset: begin, isPrompt }: Begin,
  show: Show,
): unknown {
  let offset = begin;
  const offsets = tokens.map((token) => {
    offset += token.length;
    return offset - token.length;
  });
  const unlessFirst = <T>(index: number, value: T) => (isPrompt && index === 0 ? null : value);
  return {
    text_offset: offsets,
    token_logprobs: tokens.map((_, index) => unlessFirst(index, logprob(place + index))),
    tokens: tokens.map(show),
    top_logprobs: tokens.map((token, index) =>
      unlessFirst(
        index,
        Object.fromEntries(
          ranked(token, place + index, top + 1).map(([text, value]) => [show(text), value]),
        ),
      ),
    ),
  };
}

/** For `prompt_logprobs`: of each token of the prompt but the first, by its number. */
export function promptLogprobs(
  pieces: readonly string[],
  top: number,
  vocabulary: Vocabulary,
): unknown {
  return pieces.map((piece, place) =>
    place === 0
      ? null
      : Object.fromEntries(
          ranked(piece, place, Math.max(1, top)).map(([text, value], rank) => [
            vocabulary.idOf(text),
            { logprob: value, rank: rank + 1, decoded_token: text },
          ]),
        ),
  );
}

/** Between -0.01 and -0.05, the same at the same place. */
function logprob(place: number): number {
  return -0.01 * (1 + (place % 5));
}

function ranked(token: string, place: number, count: number): [string, number][] {
  return Array.from({ length: count }, (_, rank) =>
    rank === 0 ? [token, logprob(place)] : [`<${rank}>`, -4 - rank],
  );
}

function bytes(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
