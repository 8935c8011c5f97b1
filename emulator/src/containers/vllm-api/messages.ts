import { textOf } from "../canned-answer";
import { eventStream, namedFrame } from "../events";
import { type Fields, isObject } from "../values";
import { toolCallId } from "./chat";
import { type Conversation, converse, countPromptTokens } from "./conversation";
import { type Endpoint, Refused } from "./errors";
import { checkBody } from "./fields";
import { countTokensRequest, messagesRequest } from "./schema/messages-request";
import { type Call, servedName } from "./served";

/** `POST /v1/messages`, in Anthropic's form. */
export function messages(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, messagesRequest, endpoint);
  return inTheirForm(() => {
    const conversation = converse(asChat(body), call);
    return body["stream"] === true
      ? eventStream(messageFrames(conversation, call))
      : Response.json({
          ...head(conversation, call, content(conversation, call)),
          stop_reason: stopReason(conversation),
          usage: usage(conversation, conversation.tokens.length),
        });
  });
}

/** `POST /v1/messages/count_tokens`. */
export function countMessageTokens(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, countTokensRequest, endpoint);
  return inTheirForm(() => {
    servedName(call.served, body["model"]);
    const input_tokens = countPromptTokens(asChat(body));
    const context_management = { original_input_tokens: input_tokens };
    return Response.json({ input_tokens, context_management });
  });
}

/** Refusals of the model are errors in Anthropic's form; those of FastAPI are not. */
function inTheirForm(answer: () => Response): Response {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    const { type, message, code } = error.error;
    return Response.json({ type: "error", error: { type, message } }, { status: code });
  }
}

/** The chat that vLLM makes of a message. */
function asChat(body: Fields): Fields {
  const system = textOf(body["system"]);
  const said = (body["messages"] as readonly unknown[]).map((message) =>
    isObject(message) ? { role: message["role"], content: parts(message["content"]) } : {},
  );
  const tools = Array.isArray(body["tools"]) ? body["tools"].map(asFunction) : undefined;
  const choice = isObject(body["tool_choice"]) ? body["tool_choice"] : undefined;
  const { model, max_tokens, temperature, top_p, top_k, stop_sequences: stop } = body;
  const format = isObject(body["output_config"]) ? body["output_config"]["format"] : undefined;
  return {
    model,
    messages: system === "" ? said : [{ role: "system", content: system }, ...said],
    max_completion_tokens: max_tokens,
    stop,
    temperature,
    top_p,
    top_k,
    ...(tools && { tools, tool_choice: choice === undefined ? "auto" : asToolChoice(choice) }),
    ...(isObject(format) &&
      isObject(format["schema"]) && {
        response_format: { type: "json_schema", json_schema: { schema: format["schema"] } },
      }),
  };
}

/** Images stay; all else becomes text. */
function parts(content: unknown): unknown {
  return Array.isArray(content)
    ? content
        .filter(isObject)
        .map(({ type, text }) =>
          type === "image" ? { type: "image_url" } : { type: "text", text: text ?? "" },
        )
    : content;
}

function asFunction(tool: unknown): unknown {
  const { name, input_schema: parameters } = isObject(tool) ? tool : {};
  return { type: "function", function: { name, parameters } };
}

function asToolChoice({ type, name }: Fields): unknown {
  return type === "tool"
    ? { type: "function", function: { name } }
    : type === "any"
      ? "required"
      : type;
}

function* messageFrames(conversation: Conversation, call: Call): Generator<string, void> {
  const { tokens, toolCall } = conversation;
  yield namedFrame({
    type: "message_start",
    message: {
      ...head(conversation, call, []),
      stop_reason: null,
      stop_sequence: null,
      usage: usage(conversation, 0),
    },
  });
  const content_block =
    toolCall === null
      ? { type: "text", text: "" }
      : { type: "tool_use", id: toolCallId(call), name: toolCall.name, input: {} };
  yield namedFrame({ type: "content_block_start", index: 0, content_block });
  for (const token of tokens) {
    const delta =
      toolCall === null
        ? { type: "text_delta", text: token }
        : { type: "input_json_delta", partial_json: token };
    yield namedFrame({ type: "content_block_delta", index: 0, delta });
  }
  yield namedFrame({ type: "content_block_stop", index: 0 });
  yield namedFrame({
    type: "message_delta",
    delta: { stop_reason: stopReason(conversation) },
    usage: usage(conversation, tokens.length),
  });
  yield namedFrame({ type: "message_stop" });
}

function head({ model }: Conversation, { id }: Call, content: readonly unknown[]) {
  return { id: `chatcmpl-${id}`, type: "message", role: "assistant", content, model };
}

function content({ tokens, toolCall, finish }: Conversation, call: Call): unknown[] {
  const text = tokens.join("");
  if (toolCall === null) {
    return text === "" ? [] : [{ type: "text", text }];
  }
  const input = finish === "stop" ? JSON.parse(text) : {};
  return [{ type: "tool_use", id: toolCallId(call), name: toolCall.name, input }];
}

function stopReason({ finish, toolCall }: Conversation): string {
  const isCall = toolCall !== null && !toolCall.isNamed;
  return finish === "length" ? "max_tokens" : isCall ? "tool_use" : "end_turn";
}

function usage({ promptTokens }: Conversation, output_tokens: number) {
  return { input_tokens: promptTokens, output_tokens };
}
