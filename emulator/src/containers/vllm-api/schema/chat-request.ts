import { chatMessage } from "./chat-message";
import { any, dict, list, literal, model, optional, required, union } from "./kinds";
import { bool, float, int, str } from "./scalars";
import {
  extras,
  logitBias,
  moreExtras,
  numbersOrLists,
  responseFormat,
  sampling,
  seed,
  stop,
  streamOptions,
  template,
  thinkingBudget,
} from "./shared";

export const tools = optional(
  list(
    model({
      type: literal("function"),
      function: required(
        model({
          name: required(str),
          description: optional(str),
          parameters: optional(dict(any)),
          strict: optional(bool),
          defer_loading: optional(bool),
        }),
      ),
      defer_loading: optional(bool),
    }),
  ),
);

/** Source: `ChatCompletionRequest` in vllm/entrypoints/openai/chat_completion/protocol.py */
export const chatRequest = model({
  messages: required(list(chatMessage)),
  model: optional(str),
  frequency_penalty: optional(float),
  logit_bias: logitBias,
  logprobs: optional(bool),
  top_logprobs: optional(int),
  max_tokens: optional(int),
  max_completion_tokens: optional(int),
  n: optional(int),
  presence_penalty: optional(float),
  response_format: responseFormat,
  seed,
  stop,
  stream: optional(bool),
  stream_options: streamOptions,
  temperature: optional(float),
  top_p: optional(float),
  tools,
  tool_choice: optional(
    union(
      literal("none"),
      literal("auto"),
      literal("required"),
      model({ function: required(model({ name: required(str) })), type: literal("function") }),
    ),
  ),
  reasoning_effort: optional(literal("none", "minimal", "low", "medium", "high", "xhigh", "max")),
  thinking_token_budget: thinkingBudget,
  include_reasoning: bool,
  parallel_tool_calls: optional(bool),
  user: optional(str),
  ...sampling,
  prompt_logprobs: optional(int),
  allowed_token_ids: optional(list(int)),
  bad_words: list(str),
  echo: bool,
  ...template,
  documents: optional(list(dict(str))),
  ...extras,
  return_prompt_text: optional(bool),
  ...moreExtras,
  vllm_xargs: numbersOrLists,
});
