import { CHARACTERS_PER_TOKEN, cannedAnswer, countTokens, textOf } from "../canned-answer";
import { type Fields, isObject } from "../values";
import { checkParts } from "./content-parts";
import { badRequest, type Endpoint, notEmulated } from "./errors";
import { checkBody, numberOf } from "./fields";
import { allowedTokens, checkChoices, type Generation, generate } from "./generation";
import { chatViolation } from "./rules";
import { checkLogprobs, checkSampling, checkVocabulary } from "./sampling";
import { chatRequest } from "./schema/chat-request";
import { type Call, servedName, type VllmServed } from "./served";
import { ShownTokens } from "./shown-tokens";
import { structuredText } from "./structured/structured-text";
import { checkToolParser, forcedCall, type ToolCall } from "./tools";

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
  shown: ShownTokens;
  /** The tokens of the prompt. */
  prompt: readonly string[];
  /** What `echo` puts before the answer: the assistant's message that the model continues. */
  echoed: string;
}

/** Throws what FastAPI and vLLM have against the body of a chat. */
export function checkConversation(body: Fields, endpoint: Endpoint): void {
  const hasTools = Array.isArray(body["tools"]) && body["tools"].length > 0;
  const chosen = hasTools && !("tool_choice" in body) ? { ...body, tool_choice: "auto" } : body;
  checkBody(chosen, chatRequest, endpoint, chatViolation(chosen));
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
  checkTemplate(body, served);
  checkParts(messages, served);
  if (body["return_prompt_text"]) {
    throw notEmulated("return_prompt_text is not emulated.");
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
  checkLogprobs(body, logprobs ?? 0, served);
  checkVocabulary(body, served);
  const n = numberOf(body, "n") ?? 1;
  checkChoices(n);
  const said = cannedAnswer(model, textOf(messages.at(-1)?.["content"]));
  const toolCall = forcedCall(body, said);
  const text = toolCall?.arguments ?? structuredText(body, said) ?? said;
  const generation = generate(text, limits.stop, maxTokens);
  served.statistics.record({ promptTokens, maxTokens, n, ...generation }, onSent);
  const shown = new ShownTokens(body, served.vocabulary);
  const prompt = promptTexts(body).flatMap((part) => served.vocabulary.split(part));
  const last = messages.at(-1);
  const echoed = body["echo"] && last?.["role"] === "assistant" ? textOf(last["content"]) : "";
  return {
    ...generation,
    model,
    promptTokens,
    maxTokens,
    n,
    toolCall,
    logprobs,
    shown,
    prompt,
    echoed,
  };
}

/** The messages and the tools, which the chat template writes into the prompt. */
export function countPromptTokens(body: Fields): number {
  const [said, described] = promptTexts(body);
  return countTokens(said) + Math.ceil(described.length / CHARACTERS_PER_TOKEN);
}

function promptTexts({ messages, tools }: Fields): [said: string, described: string] {
  const texts = (messages as readonly Fields[]).map(({ content }) => textOf(content));
  const described = tools === undefined || tools === null ? "" : JSON.stringify(tools);
  return [texts.join("\n"), described];
}

/** Source: `validate_chat_template` in vllm/entrypoints/serve/render/serving.py */
function checkTemplate(body: Fields, served: VllmServed): void {
  const options = isObject(body["chat_template_kwargs"]) ? body["chat_template_kwargs"] : {};
  const template = body["chat_template"] ?? options["chat_template"] ?? null;
  if (template !== null && !served.trustsTemplates) {
    throw badRequest(
      "Chat template is passed with request, but --trust-request-chat-template is not set. Refused request with untrusted chat template.",
    );
  }
}
