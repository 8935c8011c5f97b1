import { MAX_LOG_LENGTH } from "../limits";

/** Fields in which shippers and APIs keep what a program printed. */
const MESSAGE_FIELDS = ["line", "log", "message", "msg", "MESSAGE", "@message", "textPayload"];
/** Fields that hold a record, or many, of a log. */
const RECORD_FIELDS = [
  ...["fields", "jsonPayload", "data", "logs", "lines", "entries", "events", "items"],
  ...["system", "container", "stdout", "stderr", "output"],
];
const LEVEL_FIELDS = ["level", "severity", "levelname"];
const QUIET_LEVEL = /^(?:trace|debug|info|warn|warning)$/i;
const MAX_DEPTH = 8;

/** A newline that something wrote as a backslash and an n. */
const WRITTEN_NEWLINE = /(?:\\{1,2}r)?\\{1,2}n/;
const WRITTEN_COLOR = /\\{1,2}(?:u001b|x1b|033)\[[0-9;]{0,20}m/gi;
/** What a quoted or listed log begins with, and what stands between its lines. */
const OPENING = /^\s{0,40}(?:[[{(]\s{0,40})?(?:["']\w{1,20}["']:\s{0,4})?b?["']/;
const BETWEEN = /(?<!\\)["'],\s{1,8}b?["']/;
const IN_DICT =
  /["'](?:line|log|message|msg)["']:\s{0,4}(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g;

/**
 * The lines that a program printed, out of what carried them: JSON records and arrays, frames of an
 * event stream, Python's way to show a string or a list, and a log whose newlines are written out.
 */
export function unwrap(log: readonly string[]): string[] {
  const end = endOf(log);
  return fromJson(end.join("\n")) ?? framesIn(end) ?? end.flatMap(linesOf);
}

/** The last lines, within the limit on a log's length. */
function endOf(log: readonly string[]): string[] {
  let left = MAX_LOG_LENGTH;
  let first = log.length;
  while (first > 0 && left > 0) left -= (log[--first] ?? "").length + 1;
  return log.slice(first).map((line) => line.slice(-MAX_LOG_LENGTH));
}

/** What the frames of an event stream carry; a frame that was cut off carries nothing. */
function framesIn(lines: readonly string[]): string[] | undefined {
  const frames = lines.filter((line) => /^data: ?[{["]/.test(line));
  if (frames.length === 0) return undefined;
  return frames.flatMap((frame) => fromJson(frame.replace(/^data: ?/, "")) ?? []);
}

function linesOf(line: string): string[] {
  return fromJson(line.replace(/,\s{0,8}$/, "")) ?? fromPython(line) ?? unfold(line);
}

/** undefined if the text is no JSON, or none that holds a log. */
function fromJson(text: string): string[] | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    const lines = messagesIn(JSON.parse(text), 0);
    return lines.length > 0 ? lines.flatMap(unfold) : undefined;
  } catch {
    return undefined;
  }
}

function messagesIn(value: unknown, depth: number): string[] {
  if (typeof value === "string") return value.split("\n");
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item) => messagesIn(item, depth + 1));
  const record = value as Readonly<Record<string, unknown>>;
  const message = MESSAGE_FIELDS.map((field) => record[field]).find(
    (field) => typeof field === "string",
  );
  const lines =
    message === undefined
      ? RECORD_FIELDS.flatMap((field) => messagesIn(record[field], depth + 1))
      : messagesIn(message, depth);
  const level = LEVEL_FIELDS.map((field) => `${record[field]}`).find((name) =>
    QUIET_LEVEL.test(name),
  );
  return level === undefined ? lines : lines.map((line) => `${level.toUpperCase()} ${line}`);
}

/** The strings of a list or of dictionaries as Python shows them; undefined if the line is neither. */
function fromPython(line: string): string[] | undefined {
  if (/^\s{0,40}\[?\s{0,40}\{\s{0,40}["']/.test(line)) {
    const texts = [...line.matchAll(IN_DICT)].map(([, double, single]) => double ?? single ?? "");
    return texts.length > 0 ? texts.flatMap(unfold) : undefined;
  }
  if (!/^\s{0,40}\[\s{0,40}b?["']/.test(line)) return undefined;
  const texts = line
    .replace(OPENING, "")
    .replace(/["']\s{0,8}\],?\s{0,8}$/, "")
    .split(BETWEEN);
  return texts.flatMap(unfold);
}

/** The lines of a text whose newlines are written out. Those within a quoted value are not its own. */
function unfold(line: string): string[] {
  const [head = "", ...rest] = line.split(WRITTEN_NEWLINE);
  if (rest.length === 0 || opensQuote(head.replace(OPENING, ""))) return [line];
  return [head.replace(OPENING, ""), ...rest]
    .map((part) =>
      part
        .replace(WRITTEN_COLOR, "")
        .replace(/\\{1,2}t/g, "\t")
        .replace(/\\{1,3}(["'])/g, "$1"),
    )
    .filter((part) => /[^\s"'\]]/.test(part));
}

function opensQuote(text: string): boolean {
  const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
  return count(/(?<!\\)"/g) % 2 === 1 || count(/(?<![\w\\])'|'(?!\w)/g) % 2 === 1;
}
