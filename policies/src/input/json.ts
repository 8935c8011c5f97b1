import { MAX_DEPTH, MAX_VALUES } from "../limits";
import { UnreadableInput } from "./unreadable";

/**
 * Parses a JSON file.
 * @throws {UnreadableInput} if it exceeds the limits or is not JSON. The message has the place, and
 * quotes nothing
 */
export function parseJson(name: string, text: string): unknown {
  limitJson(name, text);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(error.message) ?? [];
    const place = line === undefined ? "" : ` (line ${line}, column ${column})`;
    throw new UnreadableInput(`${name} is not JSON${place}.`);
  }
}

/** @throws {UnreadableInput} if a JSON document exceeds the limits */
export function limitJson(name: string, text: string): void {
  const limit = beyondLimits(text);
  if (limit !== undefined) {
    throw new UnreadableInput(`${name} cannot be checked: it ${limit}.`);
  }
}

/** Counts before parsing. */
function beyondLimits(text: string): string | undefined {
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === "}" || character === "]") {
      depth -= 1;
    } else if (character === ",") {
      values += 1;
    } else if (character === "{" || character === "[") {
      depth += 1;
      values += 1;
    }
    if (depth > MAX_DEPTH) {
      return `nests objects and lists more than ${MAX_DEPTH} levels deep`;
    }
    if (values > MAX_VALUES) {
      return `has more than ${MAX_VALUES} values`;
    }
  }
  return undefined;
}

/** The index of the quotation mark that ends a string. @param from the one that begins it */
export function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}
