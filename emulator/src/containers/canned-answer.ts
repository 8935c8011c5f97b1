import { isObject } from "./values";

/** The reply of every model: its name and the question. */
export function cannedAnswer(model: string, question: string): string {
  const quoted = question.length > 120 ? `${question.slice(0, 117)}...` : question;
  return `This is ${model}. You said: ${quoted}`;
}

/** About four characters make one token. */
export function countTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}

export const CHARACTERS_PER_TOKEN = 4;

/** A message's content is a string, or a list of parts, some of which are text. */
export function textOf(content: unknown): string {
  if (Array.isArray(content)) {
    return content.map((part) => (isObject(part) ? String(part["text"] ?? "") : "")).join("");
  }
  return typeof content === "string" ? content : "";
}
