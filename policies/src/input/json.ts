import { MAX_DEPTH } from "../limits";
import { UnreadableInput } from "./unreadable";

/**
 * The value that a text in JSON holds.
 * @throws {UnreadableInput} if it is nested beyond the limit
 * @throws {SyntaxError} if it is not JSON
 */
export function parseJson(name: string, text: string): unknown {
  if (isTooDeep(text)) {
    const limit = `nests objects and lists more than ${MAX_DEPTH} deep`;
    throw new UnreadableInput(`${name} cannot be judged: it ${limit}.`);
  }
  return JSON.parse(text);
}

/** Counted in the text, before anything is built from it. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
