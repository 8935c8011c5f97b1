import type { Fields } from "../../values";
import { ruleBroken } from "../errors";
import { pythonRepr } from "../python";
import { outputsProblem } from "../structured/outputs-problem";
import {
  any,
  dataclass,
  dict,
  type Kind,
  list,
  literal,
  model,
  optional,
  required,
  ruled,
  type Shape,
  union,
  within,
} from "./kinds";
import { bool, float, int, str } from "./scalars";

/** Fields that the requests of vLLM 0.24.0 share, from the `protocol.py` of each route. */

const INT64 = { ge: -(2 ** 63), le: 2n ** 63n - 1n };

export const seed = optional(within(int, INT64));
export const priority = within(int, INT64);
export const stop = optional(union(str, list(str)));
export const logitBias = optional(dict(float));
export const anyDict = optional(dict(any));
export const mediaOptions = optional(dict(dict(any)));
const truncateTokens = optional(within(int, { ge: -1, le: INT64.le }));
export const truncationSide = optional(literal("left", "right"));

const number = union(str, int, float);
export const numbers = optional(dict(number));
export const numbersOrLists = optional(dict(union(str, int, float, list(number))));

export const streamOptions = optional(
  model({ include_usage: optional(bool), continuous_usage_stats: optional(bool) }),
);

const structuralTag = literal("structural_tag");
export const responseFormat = optional(
  union(
    model({
      type: required(literal("text", "json_object", "json_schema")),
      json_schema: optional(
        model({
          name: required(str),
          description: optional(str),
          schema: optional(dict(any)),
          strict: optional(bool),
        }),
      ),
    }),
    model({ type: required(structuralTag), format: required(any) }),
    model({
      type: required(structuralTag),
      structures: required(
        list(model({ begin: required(str), schema: optional(dict(any)), end: required(str) })),
      ),
      triggers: required(list(str)),
    }),
  ),
);

const anyAny: Kind = { ...dict(any), label: "dict[any,any]" };
export const structuredOutputs = optional(
  ruled(
    dataclass(
      {
        json: optional(union(str, anyAny)),
        regex: optional(str),
        choice: optional(list(str)),
        grammar: optional(str),
        json_object: optional(bool),
        disable_any_whitespace: bool,
        disable_additional_properties: bool,
        whitespace_pattern: optional(str),
        structural_tag: optional(str),
      },
      "StructuredOutputsParams",
    ),
    (outputs) => outputsProblem(outputs as Fields),
  ),
);

const repetitionDetection = optional(
  ruled(
    dataclass(
      { max_pattern_size: int, min_pattern_size: int, min_count: int },
      "RepetitionDetectionParams",
    ),
    (value) => {
      const {
        max_pattern_size: most,
        min_pattern_size: least,
        min_count: count,
      } = {
        max_pattern_size: 0,
        min_pattern_size: 0,
        min_count: 0,
        ...(value as Record<string, number>),
      };
      return most < 0 || least < 0 || least > most
        ? "max_pattern_size, min_pattern_size must be >=0, with min_pattern_size <= max_pattern_size. Set both to 0 to disable repetitive pattern detection."
        : most > 0 && count < 2
          ? "min_count must be >= 2 to detect repetitive patterns in engine output. If you do not wish to detect repetitive patterns, set max_pattern_size to 0."
          : null;
    },
  ),
);

/** Source: `validate_thinking_token_budget` in vllm/sampling_params.py */
export const thinkingBudget: Kind = {
  label: "int",
  check: (input, loc) => {
    if (input === null || (typeof input === "number" && Number.isInteger(input) && input >= -1)) {
      return [];
    }
    const message = "`thinking_token_budget` must be a non-negative integer or -1 for unlimited.";
    const value = typeof input === "string" ? input : pythonRepr(input);
    return [{ ...ruleBroken(message, "thinking_token_budget", input, value), loc }];
  },
};

/** Samplers of both completions, in the order of their classes. */
export const sampling: Shape = {
  use_beam_search: bool,
  top_k: optional(int),
  min_p: optional(float),
  repetition_penalty: optional(float),
  length_penalty: float,
  stop_token_ids: optional(list(int)),
  include_stop_str_in_output: bool,
  ignore_eos: bool,
  min_tokens: int,
  skip_special_tokens: bool,
  spaces_between_special_tokens: bool,
  truncate_prompt_tokens: truncateTokens,
  truncation_side: truncationSide,
};

/** What vLLM adds to the requests of both completions. */
export const extras: Shape = {
  structured_outputs: structuredOutputs,
  priority,
  request_id: str,
  return_tokens_as_token_ids: optional(bool),
  return_token_ids: optional(bool),
};

export const moreExtras: Shape = {
  cache_salt: optional(str),
  kv_transfer_params: anyDict,
  repetition_detection: repetitionDetection,
};

/** Options of the chat template. */
export const template: Shape = {
  add_generation_prompt: bool,
  continue_final_message: bool,
  add_special_tokens: bool,
  chat_template: optional(str),
  chat_template_kwargs: anyDict,
  media_io_kwargs: mediaOptions,
  mm_processor_kwargs: anyDict,
};
