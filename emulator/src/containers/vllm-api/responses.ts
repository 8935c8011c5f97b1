import { textOf } from "../canned-answer";
import { eventStream, namedFrame } from "../events";
import { type Fields, isObject } from "../values";
import { type Conversation, converse } from "./conversation";
import { type Endpoint, Refused } from "./errors";
import { checkBody } from "./fields";
import { itemEvents, responseItem } from "./response-item";
import { responsesViolation } from "./rules";
import { responsesRequest } from "./schema/responses-request";
import type { Call } from "./served";

/** `POST /v1/responses`. */
export function responses(body: Fields, call: Call, endpoint: Endpoint): Response {
  const hasTools = Array.isArray(body["tools"]) && body["tools"].length > 0;
  const isOpen = ["auto", "none", undefined].includes(body["tool_choice"] as string);
  const chosen = isOpen && !hasTools ? { ...body, tool_choice: "none" } : body;
  checkBody(chosen, responsesRequest, endpoint, responsesViolation(chosen));
  if (body["background"] === true && body["store"] !== false) {
    throw refused(NO_STORE, "background", 400);
  }
  if (typeof body["previous_response_id"] === "string") {
    throw responseNotFound(body["previous_response_id"]);
  }
  const conversation = converse(asChat(body), call);
  return body["stream"] === true
    ? eventStream(responseFrames(body, conversation, call))
    : Response.json(whole(body, conversation, call));
}

/** Nothing is stored unless VLLM_ENABLE_RESPONSES_API_STORE is set. */
export function responseNotFound(id: string): Refused {
  return refused(`Response with id '${id}' not found.`, "response_id", 404);
}

function refused(message: string, param: string, code: number): Refused {
  return new Refused({ message, type: "invalid_request_error", param, code });
}

const NO_STORE =
  "This vLLM engine does not support `store=True` and therefore does not support the background mode. To enable these features, set the environment variable `VLLM_ENABLE_RESPONSES_API_STORE=1` when launching the vLLM server.";

/** The chat that vLLM makes of it. */
function asChat(body: Fields): Fields {
  const { model, instructions, input, temperature, top_p, top_k } = body;
  const items = typeof input === "string" ? [{ content: input }] : (input as unknown[]);
  const said = items.filter(isObject).map(({ role, content, output }) => {
    return { role: role ?? "user", content: textOf(content ?? output) };
  });
  const format = isObject(body["text"]) ? body["text"]["format"] : undefined;
  const isJson = isObject(format) && format["type"] !== "text";
  const tools = Array.isArray(body["tools"]) ? body["tools"].map(asFunction) : [];
  return {
    model,
    messages: instructions ? [{ role: "system", content: instructions }, ...said] : said,
    max_tokens: body["max_output_tokens"],
    stop: body["stop"],
    temperature,
    top_p,
    top_k,
    ...(tools.length > 0 && { tools, tool_choice: asToolChoice(body["tool_choice"]) }),
    ...(isJson && { response_format: { type: format["type"], json_schema: format } }),
  };
}

function asFunction(tool: unknown): unknown {
  const { name, parameters } = isObject(tool) ? tool : {};
  return { type: "function", function: { name, parameters } };
}

function asToolChoice(choice: unknown): unknown {
  return isObject(choice) ? { function: { name: choice["name"] } } : (choice ?? "auto");
}

function whole(body: Fields, conversation: Conversation, call: Call): object {
  const isCut = conversation.finish === "length";
  return {
    ...frame(body, conversation, call),
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output: [responseItem(conversation, call)],
    usage: usage(conversation),
  };
}

/** The response before the model has answered. */
function frame(body: Fields, { model, maxTokens }: Conversation, call: Call): object {
  return {
    id: `resp_${call.id}`,
    created_at: call.created,
    incomplete_details: null,
    instructions: body["instructions"] ?? null,
    metadata: body["metadata"] ?? null,
    model,
    object: "response",
    output: [],
    parallel_tool_calls: body["parallel_tool_calls"] ?? true,
    temperature: body["temperature"] ?? 1,
    tool_choice: body["tools"] ? (body["tool_choice"] ?? "auto") : "none",
    tools: body["tools"] ?? [],
    top_p: body["top_p"] ?? 1,
    background: false,
    max_output_tokens: maxTokens,
    max_tool_calls: body["max_tool_calls"] ?? null,
    previous_response_id: null,
    prompt: null,
    reasoning: body["reasoning"] ?? null,
    service_tier: "auto",
    status: "in_progress",
    text: body["text"] ?? null,
    top_logprobs: null,
    truncation: body["truncation"] ?? "disabled",
    usage: null,
    user: body["user"] ?? null,
    presence_penalty: body["presence_penalty"] ?? 0,
    frequency_penalty: body["frequency_penalty"] ?? 0,
    kv_transfer_params: null,
    input_messages: null,
    output_messages: null,
  };
}

function usage({ promptTokens, tokens }: Conversation): object {
  return {
    input_tokens: promptTokens,
    input_tokens_details: {
      cached_tokens: 0,
      input_tokens_per_turn: [],
      cached_tokens_per_turn: [],
    },
    output_tokens: tokens.length,
    output_tokens_details: {
      reasoning_tokens: 0,
      tool_output_tokens: 0,
      output_tokens_per_turn: [],
      tool_output_tokens_per_turn: [],
    },
    total_tokens: promptTokens + tokens.length,
  };
}

function* responseFrames(
  body: Fields,
  conversation: Conversation,
  call: Call,
): Generator<string, void> {
  let sequence_number = 0;
  const numbered = (type: string, data: Fields) =>
    namedFrame({ type, sequence_number: sequence_number++, ...data });
  const begun = frame(body, conversation, call);
  yield numbered("response.created", { response: begun });
  yield numbered("response.in_progress", { response: begun });
  for (const [type, data] of itemEvents(conversation, call)) {
    yield numbered(type, { output_index: 0, ...data });
  }
  yield numbered("response.completed", { response: whole(body, conversation, call) });
}
