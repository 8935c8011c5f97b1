import { type Fields, isObject } from "../values";
import { numberOf } from "./fields";
import { tokenUsage } from "./generation";
import { promptLogprobs, type Show } from "./logprobs";
import type { Vocabulary } from "./vocabulary";

/** What a request wants to see of tokens, as both completions show it. */
export class ShownTokens {
  readonly ids: boolean;
  /** Whether a stream ends with its usage, and whether each chunk has the usage so far. */
  readonly withUsage: boolean;
  readonly continuousUsage: boolean;
  readonly show: Show;
  private readonly promptTop: number | null;

  constructor(
    body: Fields,
    private readonly vocabulary: Vocabulary,
  ) {
    const options = isObject(body["stream_options"]) ? body["stream_options"] : {};
    this.ids = body["return_token_ids"] === true;
    this.withUsage = options["include_usage"] === true;
    this.continuousUsage = this.withUsage && options["continuous_usage_stats"] === true;
    this.show =
      body["return_tokens_as_token_ids"] === true
        ? (token) => `token_id:${vocabulary.idOf(token)}`
        : (token) => token;
    this.promptTop =
      numberOf(body, "prompt_logprobs") ??
      (body["echo"] !== true
        ? null
        : body["messages"] === undefined
          ? numberOf(body, "logprobs")
          : (numberOf(body, "top_logprobs") ?? 0));
  }

  /** The numbers of tokens, if they are wanted. */
  numbers(tokens: readonly string[]): number[] | null {
    return this.ids ? tokens.map((token) => this.vocabulary.idOf(token)) : null;
  }

  /** What a chunk of a stream adds. */
  usageSoFar(promptTokens: number, generated: number): object {
    return this.continuousUsage ? { usage: tokenUsage(promptTokens, generated) } : {};
  }

  promptLogprobs(pieces: readonly string[]): unknown {
    return this.promptTop === null ? null : promptLogprobs(pieces, this.promptTop, this.vocabulary);
  }
}
