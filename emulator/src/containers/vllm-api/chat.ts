import { eventStream, frame } from "../events";
import type { Fields } from "../values";
import { type Conversation, checkConversation, converse } from "./conversation";
import type { Endpoint } from "./errors";
import { tokenUsage } from "./generation";
import { chatLogprobs } from "./logprobs";
import { type Call, fingerprint } from "./served";

/** `POST /v1/chat/completions`. */
export function chat(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkConversation(body, endpoint);
  const conversation = converse(body, call);
  return body["stream"] === true
    ? eventStream(chatFrames(conversation, call))
    : Response.json(wholeChat([conversation], call));
}

/** The answer to one conversation, or to several of a batch. */
export function wholeChat(conversations: readonly Conversation[], call: Call): unknown {
  const choices = conversations.flatMap((conversation) =>
    Array.from({ length: conversation.n }, () => choiceOf(conversation, call)),
  );
  const usages = conversations.map(usage);
  const sum = (name: keyof ReturnType<typeof usage>) =>
    usages.reduce((total, one) => total + one[name], 0);
  return {
    id: `chatcmpl-${call.id}`,
    object: "chat.completion",
    created: call.created,
    model: conversations[0]?.model,
    choices: choices.map((choice, index) => ({ index, ...choice })),
    service_tier: null,
    system_fingerprint: fingerprint(call.served),
    usage: {
      ...tokenUsage(sum("prompt_tokens"), sum("completion_tokens")),
      prompt_tokens_details: null,
    },
    ...promptDetails(conversations[0]),
    prompt_text: null,
    kv_transfer_params: null,
  };
}

/** Of one conversation only: a batch has several. */
function promptDetails(conversation: Conversation | undefined): object {
  const { shown, prompt = [] } = conversation ?? {};
  return {
    prompt_logprobs: shown?.promptLogprobs(prompt) ?? null,
    prompt_token_ids: shown?.numbers(prompt) ?? null,
  };
}

function choiceOf(conversation: Conversation, call: Call): object {
  const { tokens, finish, stopReason, toolCall, logprobs, shown, echoed } = conversation;
  const text = tokens.join("");
  return {
    message: {
      role: "assistant",
      content: echoed + (toolCall === null ? text : ""),
      refusal: null,
      annotations: null,
      audio: null,
      function_call: null,
      ...(toolCall !== null && {
        tool_calls: [
          {
            id: toolCallId(call),
            type: "function",
            function: { name: toolCall.name, arguments: text },
          },
        ],
      }),
      reasoning: null,
    },
    logprobs: logprobs === null ? null : chatLogprobs(tokens, logprobs, shown.show),
    finish_reason: finishReason(conversation, finish),
    stop_reason: stopReason,
    token_ids: shown.numbers(tokens),
    routed_experts: null,
  };
}

function* chatFrames(conversation: Conversation, call: Call): Generator<string, void> {
  const { model, tokens, finish, stopReason, n, toolCall, logprobs, shown } = conversation;
  const { withUsage } = shown;
  const head = {
    id: `chatcmpl-${call.id}`,
    object: "chat.completion.chunk",
    created: call.created,
    model,
  };
  const chunk = (choice: object, rest: object = {}) =>
    frame({ ...head, choices: [choice], ...rest });
  for (let index = 0; index < n; index++) {
    const delta = { role: "assistant", content: "" };
    yield chunk(
      { index, delta, logprobs: null, finish_reason: null },
      {
        prompt_token_ids: shown.numbers(conversation.prompt),
        prompt_text: null,
        ...shown.usageSoFar(conversation.promptTokens, 0),
      },
    );
  }
  for (let index = 0; conversation.echoed !== "" && index < n; index++) {
    const delta = { content: conversation.echoed };
    yield chunk(
      { index, delta, logprobs: null, finish_reason: null },
      shown.usageSoFar(conversation.promptTokens, 0),
    );
  }
  const last = Math.max(0, tokens.length - 1);
  for (let place = 0; place <= last; place++) {
    const token = tokens[place] ?? "";
    const delta =
      toolCall === null
        ? { content: token }
        : { tool_calls: [place === 0 ? callBegin(call, toolCall.name, token) : callPart(token)] };
    const spoken = logprobs === null ? null : chatLogprobs([token], logprobs, shown.show);
    const token_ids = shown.numbers(tokens.slice(place, place + 1));
    const soFar = shown.usageSoFar(conversation.promptTokens, Math.min(place + 1, tokens.length));
    for (let index = 0; index < n; index++) {
      const choice = { index, delta, logprobs: spoken };
      yield place < last
        ? chunk({ ...choice, finish_reason: null, token_ids }, soFar)
        : chunk(
            {
              ...choice,
              finish_reason: finishReason(conversation, finish),
              stop_reason: stopReason,
              token_ids,
            },
            withUsage ? soFar : { system_fingerprint: fingerprint(call.served) },
          );
    }
  }
  if (withUsage) {
    const system_fingerprint = fingerprint(call.served);
    yield frame({ ...head, choices: [], usage: usage(conversation), system_fingerprint });
  }
  yield frame("[DONE]");
}

export function toolCallId({ id }: Call): string {
  return `chatcmpl-tool-${id}`;
}

function callBegin(call: Call, name: string, text: string): object {
  return { id: toolCallId(call), type: "function", index: 0, function: { name, arguments: text } };
}

function callPart(text: string): object {
  return { index: 0, function: { arguments: text } };
}

/** A tool that was required ends with `tool_calls`, one that was named with `stop`. */
function finishReason({ toolCall }: Conversation, finish: "stop" | "length"): string {
  return toolCall !== null && !toolCall.isNamed && finish === "stop" ? "tool_calls" : finish;
}

function usage({ promptTokens, tokens, n }: Conversation) {
  return tokenUsage(promptTokens, tokens.length * n);
}
