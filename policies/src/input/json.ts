import { MAX_DEPTH, MAX_VALUES } from "../limits";
import { UnreadableInput } from "./unreadable";

/**
 * The value that a file's text holds.
 * @throws {UnreadableInput} if it is nested beyond the limit, or is not JSON: it names the place, and
 * quotes nothing of the file
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
    throw new UnreadableInput(`Cannot read ${name}: it is not JSON${place}.`);
  }
}

/** @throws {UnreadableInput} if a JSON document is beyond the limits */
export function limitJson(name: string, text: string): void {
  const limit = beyondLimits(text);
  if (limit !== undefined) {
    throw new UnreadableInput(`${name} cannot be judged: it ${limit}.`);
  }
}

/** Counted in the string, before anything is built from it. */
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
      return `nests objects and lists more than ${MAX_DEPTH} deep`;
    }
    if (values > MAX_VALUES) {
      return `holds more than ${MAX_VALUES} values`;
    }
  }
  return undefined;
}

/** Where the string ends that begins at a quotation mark. */
export function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}
