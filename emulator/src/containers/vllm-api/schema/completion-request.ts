import { list, model, optional, union, within } from "./kinds";
import { bool, bytes, float, int, str } from "./scalars";
import {
  extras,
  logitBias,
  moreExtras,
  numbers,
  responseFormat,
  sampling,
  seed,
  stop,
  streamOptions,
  thinkingBudget,
} from "./shared";

const token = within(int, { ge: 0 });

/** Source: `CompletionRequest` in vllm/entrypoints/openai/completion/protocol.py */
export const completionRequest = model({
  model: optional(str),
  prompt: optional(union(list(token), list(list(token)), str, list(str))),
  echo: optional(bool),
  frequency_penalty: optional(float),
  logit_bias: logitBias,
  logprobs: optional(int),
  max_tokens: optional(int),
  n: int,
  presence_penalty: optional(float),
  seed,
  stop,
  stream: optional(bool),
  stream_options: streamOptions,
  suffix: optional(str),
  temperature: optional(float),
  top_p: optional(float),
  user: optional(str),
  ...sampling,
  allowed_token_ids: optional(list(int)),
  prompt_logprobs: optional(int),
  prompt_embeds: optional(union(bytes, list(bytes))),
  add_special_tokens: bool,
  response_format: responseFormat,
  ...extras,
  ...moreExtras,
  vllm_xargs: numbers,
  thinking_token_budget: thinkingBudget,
});
