import { cannedAnswer, countTokens, textOf } from "./canned-answer";
import { eventStream, frame } from "./events";
import type { ServedModel } from "./served-model";
import { isObject } from "./values";

/** A request's place among those of its server. */
interface Turn {
  /** From 1. */
  count: number;
  now: number;
  /** Takes the tokens of an answer that will be sent. */
  began(tokens: number): void;
}

/** Answers a chat or text completion, whole or as a stream of server-sent events. */
export async function complete(
  request: Request,
  model: ServedModel,
  checksModel: boolean,
  { count, now, began }: Turn,
): Promise<Response> {
  const isChat = new URL(request.url).pathname.endsWith("/chat/completions");
  if (!/^application\/(?:[\w.-]{1,99}\+)?json/.test(request.headers.get("content-type") ?? "")) {
    return badRequest("Unsupported Media Type: Only 'application/json' is allowed");
  }
  const body: unknown = await request.json().catch(() => undefined);
  if (!isObject(body)) {
    return badRequest("[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error'}]");
  }
  const prompt = isChat ? chatPrompt(body["messages"]) : textPrompt(body["prompt"]);
  if (prompt === null) {
    const field = isChat ? "messages" : "prompt";
    return badRequest(
      `[{'type': 'missing', 'loc': ('body', '${field}'), 'msg': 'Field required'}]`,
    );
  }
  const [name = model.root] = model.names;
  const asked = typeof body["model"] === "string" ? body["model"] : name;
  if (checksModel && !model.names.includes(asked)) {
    return problem(404, "NotFoundError", `The model \`${asked}\` does not exist.`, "model");
  }
  const limit = Number(body["max_completion_tokens"] ?? body["max_tokens"] ?? Number.NaN);
  const promptTokens = countTokens(prompt.all);
  const wanted = promptTokens + (limit || 0);
  if (wanted > model.maxModelLen) {
    return badRequest(
      `This model's maximum context length is ${model.maxModelLen} tokens. However, you requested ${wanted} tokens (${promptTokens} in the messages, ${limit || 0} in the completion). Please reduce the length of the messages or completion.`,
    );
  }
  const words = cannedAnswer(name, prompt.last).split(/(?<= )/);
  const kept = Number.isNaN(limit) ? words : words.slice(0, limit);
  const completion: Completion = {
    isChat,
    id: `${isChat ? "chatcmpl" : "cmpl"}-${count.toString(16).padStart(32, "0")}`,
    created: Math.floor(now / 1000),
    model: asked,
    words: kept,
    finish: kept.length < words.length ? "length" : "stop",
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: kept.length,
      total_tokens: promptTokens + kept.length,
    },
  };
  began(completion.usage.total_tokens);
  return body["stream"] === true
    ? eventStream(frames(completion, includesUsage(body["stream_options"])))
    : Response.json(whole(completion));
}

interface Completion {
  isChat: boolean;
  id: string;
  created: number;
  model: string;
  words: readonly string[];
  finish: "stop" | "length";
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

function whole({ isChat, id, created, model, words, finish, usage }: Completion): unknown {
  const text = words.join("");
  const content = isChat ? { message: { role: "assistant", content: text } } : { text };
  const choice = { index: 0, ...content, logprobs: null, finish_reason: finish };
  const object = isChat ? "chat.completion" : "text_completion";
  return { id, object, created, model, choices: [choice], usage };
}

function* frames(completion: Completion, withUsage: boolean): Generator<string, void> {
  const { isChat, id, created, model, words, finish, usage } = completion;
  const object = isChat ? "chat.completion.chunk" : "text_completion";
  const chunk = (choices: unknown[], last: object = withUsage ? { usage: null } : {}) =>
    frame({ id, object, created, model, choices, ...last });
  const choice = (text: string | null, finish_reason: string | null = null) => {
    const chat = { delta: text === null ? {} : { content: text } };
    return { index: 0, ...(isChat ? chat : { text: text ?? "" }), logprobs: null, finish_reason };
  };
  if (isChat) {
    yield chunk([{ ...choice(null), delta: { role: "assistant", content: "" } }]);
  }
  for (const word of words) {
    yield chunk([choice(word)]);
  }
  yield chunk([choice(null, finish)]);
  if (withUsage) {
    yield chunk([], { usage });
  }
  yield frame("[DONE]");
}

interface Prompt {
  all: string;
  last: string;
}

function chatPrompt(messages: unknown): Prompt | null {
  if (!Array.isArray(messages) || messages.length === 0) {
    return null;
  }
  const texts = messages.map((message) => textOf(isObject(message) ? message["content"] : ""));
  return { all: texts.join("\n"), last: texts.at(-1) ?? "" };
}

function textPrompt(prompt: unknown): Prompt | null {
  const text = Array.isArray(prompt) ? prompt.join(" ") : prompt;
  return typeof text === "string" ? { all: text, last: text } : null;
}

function includesUsage(options: unknown): boolean {
  return isObject(options) && options["include_usage"] === true;
}

function badRequest(message: string): Response {
  return problem(400, "BadRequestError", message, null);
}

function problem(status: number, type: string, message: string, param: string | null): Response {
  return Response.json({ error: { message, type, param, code: status } }, { status });
}
