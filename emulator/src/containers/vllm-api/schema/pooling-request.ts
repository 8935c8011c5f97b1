import { isObject } from "../../values";
import { chatMessage } from "./chat-message";
import {
  any,
  dict,
  type Kind,
  list,
  literal,
  model,
  OPENAI_BASE_MODEL,
  optional,
  required,
  type Shape,
  typedDict,
  union,
  within,
} from "./kinds";
import { bool, int, str } from "./scalars";
import { anyDict, priority, template, truncationSide } from "./shared";

/** Requests of models that do not generate, from vllm/entrypoints/pooling in 0.24.0. */

const basics: Shape = {
  model: optional(str),
  user: optional(str),
  truncate_prompt_tokens: optional(within(int, { ge: -1 })),
  truncation_side: truncationSide,
  request_id: str,
  priority,
  mm_processor_kwargs: anyDict,
  cache_salt: optional(str),
};

const encoding: Shape = {
  add_special_tokens: bool,
  encoding_format: literal("float", "base64", "bytes", "bytes_only"),
  embed_dtype: literal("float32", "float16", "bfloat16", "fp8_e4m3", "fp8_e5m2"),
  endianness: literal("native", "big", "little"),
  dimensions: optional(int),
  use_activation: optional(bool),
};

const input = { input: required(union(list(int), list(list(int)), str, list(str))) };
const chat = required(list(chatMessage));
const chats = required(list(list(chatMessage)));

export const embeddingRequest = union(
  model({ ...encoding, ...input, ...basics }),
  model({ ...encoding, ...template, messages: chat, ...basics }),
  model({ ...encoding, ...template, ...basics, messages: chats }),
  ofInput(model({ ...encoding, ...template, messages: chat, ...basics, input: chat }), isChat),
  ofInput(
    model({ ...encoding, ...template, ...basics, messages: chats, input: chats }),
    (given) => Array.isArray(given) && given.length > 0 && given.every(isChat),
  ),
);

/** A request whose `input` may be the messages. */
function ofInput(kind: Kind, isMessages: (given: unknown) => boolean): Kind {
  return {
    ...kind,
    check: (body, loc) =>
      isObject(body) && !("messages" in body) && isMessages(body["input"])
        ? kind.check({ ...body, messages: body["input"] }, loc)
        : kind.check(body, loc),
  };
}

function isChat(given: unknown): boolean {
  return (
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((item) => isObject(item) && typeof item["role"] === "string")
  );
}

const tasks = literal(
  "embed",
  "classify",
  "token_embed",
  "token_classify",
  "plugin",
  "embed&token_classify",
);
const task = { task: optional(tasks) };

export const poolingRequest = union(
  model({ ...encoding, ...input, ...basics, ...task }),
  model({ ...encoding, ...template, messages: chat, ...basics, ...task }),
  model({ ...basics, data: required(any), task: tasks }),
);

export const classifyRequest = union(
  model({ add_special_tokens: bool, use_activation: optional(bool), ...input, ...basics }),
  model({ ...template, use_activation: optional(bool), messages: chat, ...basics }),
);

const text = union(str, typedDict({ content: list(any) }, "ScoreMultiModalParam"));
const one = required(text);
const several = required(
  union(str, typedDict({ content: list(any) }, "ScoreMultiModalParam"), list(text)),
);
const scoring: Shape = {
  use_activation: optional(bool),
  ...basics,
  max_tokens_per_query: int,
  max_tokens_per_doc: int,
  instruction: optional(str),
  chat_template_kwargs: optional(dict(any)),
};
const SCORING = `function-after[_merge_instruction_into_kwargs(), ${OPENAI_BASE_MODEL}]`;

/** The names under which a request gives its two sides. */
export const SIDES = [
  ["queries", "documents"],
  ["queries", "items"],
  ["data_1", "data_2"],
  ["text_1", "text_2"],
] as const;

export const scoreRequest = union(
  ...SIDES.map(([left, right]) =>
    model({ ...scoring, [left]: several, [right]: several }, SCORING),
  ),
);

export const rerankRequest = model({
  ...scoring,
  query: one,
  documents: several,
  top_n: within(int, { ge: 0 }),
});
