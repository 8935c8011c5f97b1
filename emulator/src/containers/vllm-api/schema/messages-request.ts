import {
  any,
  dict,
  list,
  literal,
  model,
  optional,
  required,
  ruled,
  type Shape,
  union,
} from "./kinds";
import { bool, float, int, str } from "./scalars";
import { anyDict } from "./shared";

const block = model(
  {
    type: required(
      literal(
        "text",
        "image",
        "tool_use",
        "tool_result",
        "tool_reference",
        "thinking",
        "redacted_thinking",
      ),
    ),
    text: optional(str),
    source: anyDict,
    id: optional(str),
    tool_use_id: optional(str),
    name: optional(str),
    input: anyDict,
    content: optional(union(str, list(dict(any)))),
    is_error: optional(bool),
    tool_name: optional(str),
    thinking: optional(str),
    signature: optional(str),
    data: optional(str),
  },
  "AnthropicContentBlock",
);
const text = union(str, list(block));

const shared: Shape = {
  model: required(ruled(str, (name) => (name === "" ? "Model is required" : null))),
  messages: required(
    list(
      model({
        role: required(literal("user", "assistant", "system")),
        content: required(text),
      }),
    ),
  ),
};
const system = optional(text);
const tools: Shape = {
  tool_choice: optional(
    ruled(
      model({ type: required(literal("auto", "any", "tool", "none")), name: optional(str) }),
      (choice) => {
        const { type, name } = choice as Record<string, unknown>;
        return type === "tool" && !name ? "tool_choice.name is required when type is 'tool'" : null;
      },
    ),
  ),
  tools: optional(
    list(
      model({
        name: required(str),
        description: optional(str),
        input_schema: required(dict(any)),
        strict: optional(bool),
        defer_loading: optional(bool),
      }),
    ),
  ),
};

/** Source: `AnthropicMessagesRequest` in vllm/entrypoints/anthropic/protocol.py */
export const messagesRequest = model({
  ...shared,
  max_tokens: required(
    ruled(int, (limit) => (Number(limit) <= 0 ? "max_tokens must be positive" : null)),
  ),
  metadata: anyDict,
  output_config: optional(
    model({
      effort: optional(literal("low", "medium", "high", "xhigh", "max")),
      format: optional(model({ schema: anyDict, type: literal("json_schema") })),
    }),
  ),
  stop_sequences: optional(list(str)),
  stream: optional(bool),
  system,
  temperature: optional(float),
  ...tools,
  top_k: optional(int),
  top_p: optional(float),
  kv_transfer_params: anyDict,
  chat_template_kwargs: anyDict,
});

export const countTokensRequest = model({
  ...shared,
  system,
  ...tools,
  chat_template_kwargs: anyDict,
});
