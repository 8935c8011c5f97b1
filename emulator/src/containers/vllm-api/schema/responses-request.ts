import { isObject } from "../../values";
import {
  any,
  dict,
  type Kind,
  list,
  literal,
  model,
  optional,
  required,
  typedDict,
  union,
  within,
} from "./kinds";
import { bool, float, int, str } from "./scalars";
import {
  anyDict,
  logitBias,
  mediaOptions,
  numbersOrLists,
  priority,
  seed,
  stop,
  structuredOutputs,
} from "./shared";

const penalty = optional(within(float, { ge: -2, le: 2 }));

const part = model(
  {
    type: required(
      literal(
        "input_text",
        "input_image",
        "input_file",
        "input_audio",
        "output_text",
        "refusal",
        "reasoning_text",
        "summary_text",
      ),
    ),
  },
  "ResponseInputContentParam",
);

/** vLLM lists what each of OpenAI's many classes has against an item; here it is the first of them. */
const message = typedDict(
  {
    content: required(union(str, list(part))),
    role: required(literal("user", "assistant", "system", "developer")),
    type: literal("message"),
  },
  "EasyInputMessageParam",
);

const item: Kind = {
  label: "item",
  check: (input, loc) => {
    const type = isObject(input) ? input["type"] : undefined;
    return typeof type === "string" && OTHER_ITEMS.test(type) ? [] : message.check(input, loc);
  },
};

/** Calls of tools, their outputs and the like, whose fields are not checked. */
const OTHER_ITEMS =
  /_(?:call|output|tools|request|response|update|trigger|reference)$|^(?:reasoning|compaction|program)$/;

const tool = union(
  model(
    {
      name: required(str),
      parameters: anyDict,
      strict: optional(bool),
      type: required(literal("function")),
      description: optional(str),
    },
    "FunctionTool",
  ),
  otherTool(),
);

/** OpenAI's own tools, whose fields are not checked. */
function otherTool(): Kind {
  const types = literal(
    "file_search",
    "computer",
    "computer_use_preview",
    "web_search",
    "web_search_2025_08_26",
    "mcp",
    "code_interpreter",
    "programmatic_tool_calling",
    "image_generation",
    "local_shell",
    "shell",
    "custom",
    "namespace",
    "tool_search",
    "web_search_preview",
    "web_search_preview_2025_03_11",
    "apply_patch",
  );
  return model({ type: required(types) }, "Tool");
}

const choices = literal(
  "allowed_tools",
  "function",
  "mcp",
  "custom",
  "file_search",
  "web_search",
  "web_search_preview",
  "web_search_preview_2025_03_11",
  "computer",
  "computer_use",
  "computer_use_preview",
  "image_generation",
  "code_interpreter",
  "programmatic_tool_calling",
  "apply_patch",
  "shell",
);

const format = union(
  model({ type: required(literal("text")) }, "ResponseFormatText"),
  model(
    {
      name: required(str),
      schema: required(dict(any)),
      type: required(literal("json_schema")),
      description: optional(str),
      strict: optional(bool),
    },
    "ResponseFormatTextJSONSchemaConfig",
  ),
  model({ type: required(literal("json_object")) }, "ResponseFormatJSONObject"),
);

/** Source: `ResponsesRequest` in vllm/entrypoints/openai/responses/protocol.py */
export const responsesRequest = model({
  background: optional(bool),
  include: optional(
    list(
      literal(
        "code_interpreter_call.outputs",
        "computer_call_output.output.image_url",
        "file_search_call.results",
        "message.input_image.image_url",
        "message.output_text.logprobs",
        "reasoning.encrypted_content",
      ),
    ),
  ),
  input: required(union(str, { ...list(item), label: "list" })),
  instructions: optional(str),
  max_output_tokens: optional(int),
  max_tool_calls: optional(int),
  metadata: optional(dict(str)),
  model: optional(str),
  logit_bias: logitBias,
  parallel_tool_calls: optional(bool),
  previous_response_id: optional(str),
  reasoning: optional(model({}, "Reasoning")),
  service_tier: literal("auto", "default", "flex", "scale", "priority"),
  store: optional(bool),
  stream: optional(bool),
  temperature: optional(float),
  text: optional(
    model(
      { format: optional(format), verbosity: optional(literal("low", "medium", "high")) },
      "ResponseTextConfig",
    ),
  ),
  tool_choice: union(
    literal("none", "auto", "required"),
    model({ type: required(choices) }, "ToolChoiceAllowed"),
  ),
  tools: list(tool),
  top_logprobs: optional(int),
  top_p: optional(float),
  top_k: optional(int),
  truncation: optional(literal("auto", "disabled")),
  user: optional(str),
  skip_special_tokens: bool,
  include_stop_str_in_output: bool,
  presence_penalty: penalty,
  frequency_penalty: penalty,
  prompt_cache_key: optional(str),
  request_id: str,
  media_io_kwargs: mediaOptions,
  mm_processor_kwargs: anyDict,
  priority,
  cache_salt: optional(str),
  enable_response_messages: bool,
  previous_input_messages: optional(list(dict(any))),
  structured_outputs: structuredOutputs,
  repetition_penalty: optional(float),
  seed,
  stop,
  ignore_eos: bool,
  vllm_xargs: numbersOrLists,
  kv_transfer_params: anyDict,
  chat_template_kwargs: anyDict,
});
