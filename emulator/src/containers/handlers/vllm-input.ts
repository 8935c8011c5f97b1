import { type Fields, isObject } from "../values";

/** A request to the vLLM server in the worker. */
export interface VllmRequest {
  route: string;
  method: string;
  body: Fields | null;
  /** Whether it came as a prompt or messages, the worker's own form. */
  isShorthand?: true;
}

/** What the input of a job asks of vLLM, in each form that the worker takes; null for any other input. */
export function vllmRequest(input: Fields): VllmRequest | null {
  const { openai_input: openaiBody, openai_route: openaiRoute, route, body, method } = input;
  if (isObject(openaiBody) && Object.keys(openaiBody).length > 0) {
    return { route: text(openaiRoute) ?? CHAT, method: "POST", body: openaiBody };
  }
  const bare = text(openaiRoute);
  if (bare !== null) {
    return { route: bare, method: "GET", body: null };
  }
  const own = text(route);
  if (own !== null) {
    const sent = isObject(body) ? body : null;
    const verb = text(method) ?? (sent === null ? "GET" : "POST");
    return { route: own, method: verb.toUpperCase(), body: sent };
  }
  return shorthand(input);
}

/** The worker's own form: a prompt or messages, and vLLM's parameters in `sampling_params`. */
function shorthand({ prompt, messages, stream, sampling_params }: Fields): VllmRequest | null {
  const parameters = isObject(sampling_params) ? sampling_params : {};
  const body = { ...parameters, stream: Boolean(stream) };
  const call = { method: "POST", isShorthand: true } as const;
  if (messages !== undefined && messages !== null) {
    return { ...call, route: CHAT, body: { ...body, messages } };
  }
  if (prompt !== undefined && prompt !== null) {
    return { ...call, route: "/v1/completions", body: { ...body, prompt } };
  }
  return null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

const CHAT = "/v1/chat/completions";
