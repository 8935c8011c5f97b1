import { MAX_LOG_LENGTH } from "../limits";

/** Fields in which shippers and APIs keep what a program printed. */
const MESSAGE_FIELDS = ["line", "log", "message", "msg", "MESSAGE", "@message", "textPayload"];
/** Fields whose string is a whole log or a part of one. */
const TEXT_FIELDS = ["system", "container", "logs", "lines", "data", "stdout", "stderr", "output"];
const LEVEL_FIELDS = ["level", "severity", "levelname", "log.level"];
const QUIET_LEVEL = /^(?:trace|debug|info|warn|warning)$/i;
/** Wrappings within wrappings: a shipper's record of a program's own record in a listing. */
const MAX_DEPTH = 16;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const WRITTEN_COLOR = /\\{1,2}(?:u001b|x1b|033)\[[0-9;]{0,20}m/gi;
/** What a quoted or listed log begins with, and what stands between its lines. */
const OPENING =
  /^(?:\s{0,40}\w{1,40} ?= ?)?\s{0,40}(?:[[{(]\s{0,40})?(?:["']\w{1,20}["']:\s{0,4})?b?["']/;
const BETWEEN = /(?<!\\)["'],\s{1,8}b?["']/;
const IN_DICT =
  /["'](?:line|log|message|msg)["']:\s{0,4}(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g;

/**
 * The lines that a program printed, out of what carried them: JSON records and arrays, frames of an
 * event stream, Python's way to show a string or a list, and a log whose newlines are written out.
 */
export function unwrap(log: readonly string[]): string[] {
  const end = endOf(log);
  return fromJson(end.join("\n"), 0) ?? framesIn(end) ?? end.flatMap((line) => linesOf(line, 0));
}

/** The last lines, within the limit on a log's length. */
function endOf(log: readonly string[]): string[] {
  let left = MAX_LOG_LENGTH;
  let first = log.length;
  while (first > 0 && left > 0) {
    left -= (log[--first] ?? "").length + 1;
  }
  return log.slice(first).map((line) => line.slice(-MAX_LOG_LENGTH));
}

/** What the frames of an event stream carry; a frame that was cut off carries nothing. */
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

/** undefined if the string is no JSON, or none that holds a log. */
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
      ? // What the host did comes before what the container printed.
        [...new Set([...TEXT_FIELDS, ...Object.keys(record)])]
          .filter((field) => typeof record[field] !== "string" || TEXT_FIELDS.includes(field))
          .flatMap((field) => messagesIn(record[field], depth + 1))
      : messagesIn(message, depth);
  const level = LEVEL_FIELDS.map((field) => `${record[field]}`).find((name) =>
    QUIET_LEVEL.test(name),
  );
  return level === undefined ? lines : lines.map((line) => `${level.toUpperCase()} ${line}`);
}

/** The strings of a list or of dictionaries as Python shows them; undefined if the line is neither. */
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

/** The lines of a log whose newlines are written out. Those within a quoted value are not its own. */
function unfold(line: string, depth: number): string[] {
  // Where newlines are written with one backslash, those with two stand in a quoted value.
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
