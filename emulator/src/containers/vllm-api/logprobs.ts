/** The log probabilities of a chat's tokens, in OpenAI's form. */
export function chatLogprobs(tokens: readonly string[], top: number): unknown {
  return {
    content: tokens.map((token, place) => ({
      token,
      logprob: logprob(place),
      bytes: bytes(token),
      top_logprobs: ranked(token, place, top).map(([text, value]) => ({
        token: text,
        logprob: value,
        bytes: bytes(text),
      })),
    })),
  };
}

/** The log probabilities of a text completion: of each token itself and of `top` others. */
export function completionLogprobs(
  tokens: readonly string[],
  top: number,
  begin: { place: number; offset: number } = { place: 0, offset: 0 },
): unknown {
  let offset = begin.offset;
  const offsets = tokens.map((token) => {
    offset += token.length;
    return offset - token.length;
  });
  return {
    text_offset: offsets,
    token_logprobs: tokens.map((_, index) => logprob(begin.place + index)),
    tokens,
    top_logprobs: tokens.map((token, index) =>
      Object.fromEntries(ranked(token, begin.place + index, top + 1)),
    ),
  };
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
