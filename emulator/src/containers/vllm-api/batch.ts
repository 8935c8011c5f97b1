import type { Fields } from "../values";
import { wholeChat } from "./chat";
import { checkConversation, converse } from "./conversation";
import { type Endpoint, malformed, ruleBroken, type Violation } from "./errors";
import type { Call } from "./served";

/** `POST /v1/chat/completions/batch`: one choice for each of several conversations, never as a stream. */
export function chatBatch(body: Fields, call: Call, endpoint: Endpoint): Response {
  const { messages, stream: _stream, stream_options: _options, tools: _tools, ...shared } = body;
  const broken = brokenRule(body) ?? tooShort(messages, ["body", "messages"], body);
  if (broken !== null) {
    throw malformed([broken], endpoint);
  }
  const requests = (messages as unknown[]).map((conversation, index) => {
    const empty = tooShort(conversation, ["body", "messages", index], body);
    if (empty !== null) {
      throw malformed([empty], endpoint);
    }
    return { ...shared, messages: conversation };
  });
  for (const request of requests) {
    checkConversation(request, endpoint);
  }
  const conversations = requests.map((request) => converse(request, call));
  return Response.json(wholeChat(conversations, call));
}

/** Source: vllm/entrypoints/openai/chat_completion/protocol.py */
function brokenRule(body: Fields): Violation | null {
  if (body["use_beam_search"]) {
    const message =
      "Batch chat completions do not support beam search. Please set `use_beam_search` to False.";
    return ruleBroken(message, "use_beam_search", body);
  }
  const n = body["n"] ?? 1;
  return n === 1
    ? null
    : ruleBroken("Batch chat completions do not support `n > 1`. Please set `n` to 1.", "n", body);
}

function tooShort(
  value: unknown,
  loc: readonly (string | number)[],
  body: Fields,
): Violation | null {
  if (value === undefined) {
    return { type: "missing", loc, msg: "Field required", input: body };
  }
  if (!Array.isArray(value)) {
    return { type: "list_type", loc, msg: "Input should be a valid list", input: value };
  }
  const msg = "List should have at least 1 item after validation, not 0";
  return value.length > 0 ? null : { type: "too_short", loc, msg, input: value };
}
