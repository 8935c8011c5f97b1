import { MAX_LOG_LENGTH } from "../limits";

/** Fields in which log shippers and APIs store a line of output. */
const MESSAGE_FIELDS = ["line", "log", "message", "msg", "MESSAGE", "@message", "textPayload"];
/** Fields whose string is a log or a part of one. */
const TEXT_FIELDS = ["system", "container", "logs", "lines", "data", "stdout", "stderr", "output"];
const LEVEL_FIELDS = ["level", "severity", "levelname", "log.level"];
const QUIET_LEVEL = /^(?:trace|debug|info|warn|warning)$/i;
/** Maximum nesting: a listing may contain a shipper's record of a program's own record. */
const MAX_DEPTH = 16;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const WRITTEN_COLOR = /\\{1,2}(?:u001b|x1b|033)\[[0-9;]{0,20}m/gi;
/** The start of a quoted or listed log, and the separator between its lines. */
const OPENING =
  /^(?:\s{0,40}\w{1,40} ?= ?)?\s{0,40}(?:[[{(]\s{0,40})?(?:["']\w{1,20}["']:\s{0,4})?b?["']/;
const BETWEEN = /(?<!\\)["'],\s{1,8}b?["']/;
const IN_DICT =
  /["'](?:line|log|message|msg)["']:\s{0,4}(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g;

/**
 * Extracts the lines that a program printed from their wrapping: JSON records and arrays, event
 * stream frames, Python string and list literals, and escaped newlines.
 */
export function unwrap(log: readonly string[]): string[] {
  const end = endOf(log);
  return fromJson(end.join("\n"), 0) ?? framesIn(end) ?? end.flatMap((line) => linesOf(line, 0));
}

/** The last lines that fit within the limit on a log's length. */
function endOf(log: readonly string[]): string[] {
  let left = MAX_LOG_LENGTH;
  let first = log.length;
  while (first > 0 && left > 0) {
    left -= (log[--first] ?? "").length + 1;
  }
  return log.slice(first).map((line) => line.slice(-MAX_LOG_LENGTH));
}

/** The contents of event stream frames, without truncated ones; undefined if there are no frames. */
function framesIn(lines: readonly string[]): string[] | undefined {
  const frames = lines.filter((line) => /^data: ?[{["]/.test(line));
  if (frames.length === 0) {
    return undefined;
  }
  return frames.flatMap((frame) => fromJson(frame.replace(/^data: ?/, ""), 0) ?? []);
}

function linesOf(wrapped: string, depth: number): string[] {
  if (depth > MAX_DEPTH) {
    return [wrapped];
  }
  const line = wrapped.replace(/^data: ?(?=[{["])/, "").replace(WRITTEN_COLOR, "");
  return (
    fromJson(line.replace(/,\s{0,8}$/, ""), depth) ?? fromPython(line, depth) ?? unfold(line, depth)
  );
}

/** undefined if the string is not JSON or contains no log. */
function fromJson(text: string, depth: number): string[] | undefined {
  if (!/^\s*[[{"]/.test(text)) {
    return undefined;
  }
  try {
    const lines = messagesIn(JSON.parse(text), depth + 1);
    return lines.length > 0 ? lines : undefined;
  } catch {
    return undefined;
  }
}

function messagesIn(value: unknown, depth: number): string[] {
  if (depth > MAX_DEPTH) {
    return [];
  }
  if (typeof value === "string") {
    // Some listings pair a line with its time in nanoseconds.
    const lines = /^\d{1,20}$/.test(value) ? [] : value.split("\n");
    return lines.flatMap((line) => linesOf(line, depth));
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => messagesIn(item, depth + 1));
  }
  const record = value as Readonly<Record<string, unknown>>;
  const message = MESSAGE_FIELDS.map((field) => record[field]).find(
    (field) => typeof field === "string",
  );
  const lines =
    message === undefined
      ? // The host's events come before the container's output.
        [...new Set([...TEXT_FIELDS, ...Object.keys(record)])]
          .filter((field) => typeof record[field] !== "string" || TEXT_FIELDS.includes(field))
          .flatMap((field) => messagesIn(record[field], depth + 1))
      : messagesIn(message, depth);
  const level = LEVEL_FIELDS.map((field) => `${record[field]}`).find((name) =>
    QUIET_LEVEL.test(name),
  );
  return level === undefined ? lines : lines.map((line) => `${level.toUpperCase()} ${line}`);
}

/** The strings in a Python list or dictionary literal; undefined if the line is neither. */
function fromPython(line: string, depth: number): string[] | undefined {
  if (/^\s{0,40}\[?\s{0,40}\{\s{0,40}["']/.test(line)) {
    const texts = [...line.matchAll(IN_DICT)].map(([, double, single]) => double ?? single ?? "");
    return texts.length > 0 ? texts.flatMap((text) => unescaped(text, depth)) : undefined;
  }
  if (!/^\s{0,40}\[\s{0,40}b?["']/.test(line)) {
    return undefined;
  }
  const texts = line
    .replace(OPENING, "")
    .replace(/["']\s{0,8}\],?\s{0,8}$/, "")
    .split(BETWEEN);
  return texts.flatMap((text) => unescaped(text, depth));
}

function unescaped(text: string, depth: number): string[] {
  return text
    .replace(/\\([nrt"'\\])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => linesOf(line, depth + 1));
}

/** Splits a log at its escaped newlines, but not at newlines inside a quoted value. */
function unfold(line: string, depth: number): string[] {
  // If some newlines have one backslash, those with two are inside a quoted value.
  const newline = /(?<!\\)\\n/.test(line) ? /(?:(?<!\\)\\r)?(?<!\\)\\n/ : /(?:\\\\r)?\\\\n/;
  const [first = "", ...rest] = line.split(newline);
  const head = first.replace(OPENING, "");
  if (rest.length === 0 || opensQuote(head)) {
    return [line];
  }
  return [head, ...rest]
    .map((part) => part.replace(/\\{1,2}t/g, "\t").replace(/\\{1,3}(["'])/g, "$1"))
    .filter((part) => /[^\s"'\]]/.test(part))
    .flatMap((part) => linesOf(part, depth + 1));
}

function opensQuote(text: string): boolean {
  const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
  return count(/(?<!\\)"/g) % 2 === 1 || count(/(?<![\w\\])'|'(?!\w)/g) % 2 === 1;
}
