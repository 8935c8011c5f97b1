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
} from "./kinds";
import { iterable, str } from "./scalars";

const TEXT = "ChatCompletionContentPartTextParam";
const REFUSAL = "ChatCompletionContentPartRefusalParam";
const USER_PARTS = [
  TEXT,
  "ChatCompletionContentPartImageParam",
  "ChatCompletionContentPartInputAudioParam",
  "File",
];
/** The parts of a message with any role, from vllm/entrypoints/chat_utils.py */
const PARTS = [
  ...USER_PARTS,
  "ChatCompletionContentPartAudioParam",
  "ChatCompletionContentPartVideoParam",
  REFUSAL,
  "CustomChatCompletionContentPILImageParam",
  "CustomChatCompletionContentSimpleImageParam",
  "ChatCompletionContentPartImageEmbedsParam",
  "ChatCompletionContentPartAudioEmbedsParam",
  "ChatCompletionContentPartPromptEmbedsParam",
  "CustomChatCompletionContentSimpleAudioParam",
  "CustomChatCompletionContentSimpleVideoParam",
  "CustomChatCompletionContentToolReferenceParam",
  "str",
  "CustomThinkCompletionContentParam",
];

const parts = (...names: readonly string[]) =>
  iterable(names.length === 1 ? String(names[0]) : `union[${names.join(",")}]`);
const content = (items: Kind) => required(union(str, items));
const role = (name: string) => required(literal(name));

const anyPart = union(...PARTS.map((name) => (name === "str" ? str : typedDict({}, name))));

/** One message: in the form of its role, or of any. Its parts are read later, if at all. */
export const chatMessage = union(
  typedDict(
    { content: content(parts(TEXT)), role: role("developer"), name: str },
    "ChatCompletionDeveloperMessageParam",
  ),
  typedDict(
    { content: content(parts(TEXT)), role: role("system"), name: str },
    "ChatCompletionSystemMessageParam",
  ),
  typedDict(
    { content: content(parts(...USER_PARTS)), role: role("user"), name: str },
    "ChatCompletionUserMessageParam",
  ),
  typedDict(
    {
      role: role("assistant"),
      audio: optional(dict(any)),
      content: optional(union(str, parts(TEXT, REFUSAL))),
      function_call: optional(dict(any)),
      name: str,
      refusal: optional(str),
      tool_calls: iterable("ChatCompletionMessageToolCallUnionParam"),
    },
    "ChatCompletionAssistantMessageParam",
  ),
  typedDict(
    { content: content(parts(TEXT)), role: role("tool"), tool_call_id: required(str) },
    "ChatCompletionToolMessageParam",
  ),
  typedDict(
    { content: required(optional(str)), name: required(str), role: role("function") },
    "ChatCompletionFunctionMessageParam",
  ),
  typedDict(
    {
      role: required(str),
      content: union(str, list(anyPart)),
      name: str,
      tool_call_id: optional(str),
      tool_calls: optional(list(any)),
      reasoning: optional(str),
      tools: optional(list(any)),
      task: optional(str),
    },
    "CustomChatCompletionMessageParam",
  ),
  model({ author: required(any), content: list(model({})) }, "Message"),
);
