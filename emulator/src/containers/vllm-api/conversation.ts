import { CHARACTERS_PER_TOKEN, cannedAnswer, countTokens, textOf } from "../canned-answer";
import { type Fields, isObject } from "../values";
import { missing } from "./body";
import { badRequest, type Endpoint, malformed, ruleBroken, type Violation } from "./errors";
import { numberOf, type Schema, violations } from "./fields";
import { allowedTokens, checkChoices, type Generation, generate } from "./generation";
import { checkLogprobs, checkSampling } from "./sampling";
import { type Call, servedName } from "./served";
import { structuredText } from "./structured/structured-text";
import { checkToolParser, forcedCall, type ToolCall, toolViolation } from "./tools";

/** What the model answers to messages, before it is written in the form of a route. */
export interface Conversation extends Generation {
  model: string;
  promptTokens: number;
  maxTokens: number;
  /** Equal answers, of which `n` may ask for several. */
  n: number;
  toolCall: ToolCall | null;
  /** How many alternatives to report for each token; null for no logprobs. */
  logprobs: number | null;
}

/** Throws what FastAPI and vLLM have against the body of a chat. */
export function checkConversation(body: Fields, endpoint: Endpoint): void {
  const broken = brokenRule(body);
  const found = broken === null ? [...violations(body, SCHEMA), ...wrongMessages(body)] : [broken];
  if (found.length > 0) {
    throw malformed(found, endpoint);
  }
}

/** Holds a conversation whose body was checked. */
export function converse(body: Fields, { served, onSent }: Call): Conversation {
  const model = servedName(served, body["model"]);
  checkToolParser(body, served);
  const messages = body["messages"] as readonly Fields[];
  if (messages.length === 0) {
    // The chat templates of most models look at the first message.
    throw badRequest("list object has no element 0");
  }
  const promptTokens = countPromptTokens(body);
  const completion = numberOf(body, "max_completion_tokens");
  const limits = {
    name: completion === null ? "max_tokens" : "max_completion_tokens",
    maxTokens: completion ?? numberOf(body, "max_tokens"),
    stop: body["stop"],
  };
  const maxTokens = allowedTokens(limits, promptTokens, served.maxModelLen);
  const logprobs = body["logprobs"] === true ? (numberOf(body, "top_logprobs") ?? 0) : null;
  checkSampling(body, maxTokens);
  checkLogprobs(logprobs ?? 0);
  const n = numberOf(body, "n") ?? 1;
  checkChoices(n);
  const said = cannedAnswer(model, textOf(messages.at(-1)?.["content"]));
  const toolCall = forcedCall(body, said);
  const text = toolCall?.arguments ?? structuredText(body, said) ?? said;
  const generation = generate(text, limits.stop, maxTokens);
  served.statistics.record({ promptTokens, maxTokens, n, ...generation }, onSent);
  return { ...generation, model, promptTokens, maxTokens, n, toolCall, logprobs };
}

/** The messages and the tools, which the chat template writes into the prompt. */
export function countPromptTokens({ messages, tools }: Fields): number {
  const texts = (messages as readonly Fields[]).map(({ content }) => textOf(content));
  const described = tools === undefined || tools === null ? "" : JSON.stringify(tools);
  return countTokens(texts.join("\n")) + Math.ceil(described.length / CHARACTERS_PER_TOKEN);
}

function brokenRule(body: Fields): Violation | null {
  const shared = streamViolation(body) ?? constraintViolation(body);
  if (shared !== null) {
    return shared;
  }
  const top = numberOf(body, "top_logprobs") ?? 0;
  const format = body["response_format"];
  if (isObject(format) && format["type"] === "json_schema" && !format["json_schema"]) {
    return ruleBroken(
      "When response_format type is 'json_schema', the 'json_schema' field must be provided.",
      "response_format",
      body,
    );
  }
  if (top > 0 && !body["logprobs"]) {
    return ruleBroken(
      "when using `top_logprobs`, `logprobs` must be set to true.",
      "top_logprobs",
      body,
    );
  }
  return toolViolation(body);
}

/** The rule that both completions have about streams. */
export function streamViolation(body: Fields): Violation | null {
  const isGiven = Object.keys(body["stream_options"] ?? {}).length > 0;
  return isGiven && !body["stream"]
    ? ruleBroken("Stream options can only be defined when `stream=True`.", "stream_options", body)
    : null;
}

/** The rule that both completions have about constraints. */
export function constraintViolation(body: Fields): Violation | null {
  const outputs = isObject(body["structured_outputs"]) ? body["structured_outputs"] : {};
  const given = ["json", "regex", "choice"].filter((name) => (outputs[name] ?? null) !== null);
  const message =
    "You can only use one kind of constraints for structured outputs ('json', 'regex' or 'choice').";
  return given.length > 1 ? ruleBroken(message, "structured_outputs", body) : null;
}

/** Any role is accepted; what becomes of it is up to the model's chat template. */
function wrongMessages(body: Fields): Violation[] {
  const messages = Array.isArray(body["messages"]) ? body["messages"] : [];
  return messages.flatMap((message: unknown, index) => {
    const loc = ["body", "messages", index];
    if (!isObject(message)) {
      return [
        { type: "dict_type", loc, msg: "Input should be a valid dictionary", input: message },
      ];
    }
    return typeof message["role"] === "string" ? [] : [missing([...loc, "role"], message)];
  });
}

const SCHEMA: Schema = {
  messages: "list!",
  model: "str",
  frequency_penalty: "float",
  logit_bias: "dict",
  logprobs: "bool",
  top_logprobs: "int",
  max_tokens: "int",
  max_completion_tokens: "int",
  n: "int",
  presence_penalty: "float",
  response_format: "dict",
  seed: "int",
  stream: "bool",
  stream_options: "dict",
  structured_outputs: "dict",
  temperature: "float",
  top_p: "float",
  tools: "list",
  top_k: "int",
  min_p: "float",
  repetition_penalty: "float",
  ignore_eos: "bool",
  min_tokens: "int",
};
