import { toolCallId } from "./chat";
import type { Conversation } from "./conversation";
import type { Call } from "./served";

/** The model's answer as an item of `/v1/responses`. */
export function responseItem(conversation: Conversation, call: Call): object {
  const text = conversation.tokens.join("");
  return conversation.toolCall === null
    ? message(call, text === "" ? [] : [textPart(text)], "completed")
    : functionCall(conversation.toolCall.name, call, text, "completed");
}

/** The events from the begin of the item to its end. */
export function* itemEvents(
  conversation: Conversation,
  call: Call,
): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  const { tokens, toolCall } = conversation;
  const text = tokens.join("");
  if (toolCall !== null) {
    const item_id = functionId(call);
    const item = functionCall(toolCall.name, call, "", "in_progress");
    yield ["response.output_item.added", { item }];
    for (const delta of tokens) {
      yield ["response.function_call_arguments.delta", { item_id, delta }];
    }
    const { name } = toolCall;
    yield ["response.function_call_arguments.done", { item_id, name, arguments: text }];
  } else {
    const place = { item_id: messageId(call), content_index: 0 };
    yield ["response.output_item.added", { item: message(call, [], "in_progress") }];
    yield ["response.content_part.added", { ...place, part: textPart("") }];
    for (const delta of tokens) {
      yield ["response.output_text.delta", { ...place, delta, logprobs: [] }];
    }
    yield ["response.output_text.done", { ...place, text, logprobs: [] }];
    yield ["response.content_part.done", { ...place, part: textPart(text) }];
  }
  yield ["response.output_item.done", { item: responseItem(conversation, call) }];
}

function message(call: Call, content: unknown[], status: string): object {
  return { id: messageId(call), content, role: "assistant", status, type: "message", phase: null };
}

function functionCall(name: string, call: Call, text: string, status: string): object {
  const ids = { id: functionId(call), call_id: toolCallId(call) };
  return { ...ids, type: "function_call", name, arguments: text, status };
}

function textPart(text: string): object {
  return { annotations: [], text, type: "output_text", logprobs: null };
}

function messageId({ id }: Call): string {
  return `msg_${id}`;
}

function functionId({ id }: Call): string {
  return `fc_${id}`;
}
