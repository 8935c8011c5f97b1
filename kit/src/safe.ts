import { visible, withoutCommands } from "./printable";
import { redact } from "./redact";
import { textOf } from "./text-of";

declare const passed: unique symbol;

/**
 * A string that may be shown to a person or written to a log. Only the functions of this file make
 * one. Its untrusted parts contain no escape sequence, hidden character, line break or known
 * secret, and nothing that a CI system would run as a command.
 */
export type Safe = string & { readonly [passed]: true };

/** Where a command writes; `process.stdout` is one. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: Safe): unknown;
}

/** How an untrusted string is shown. */
export interface Limits {
  /** The most characters that are shown. @default 2048 */
  readonly most?: number;
  /** More strings to mask, in addition to the secrets of the process and well-known kinds of keys. */
  readonly secrets?: Iterable<string>;
}

/** How several untrusted lines are shown. */
export interface LineLimits extends Limits {
  /** Stands before each line. */
  readonly indent?: Safe;
}

const LONGEST = 2_048;
const MOST_LINES = 200;

/**
 * A message in our own words. Its values are untrusted: a name, an answer, an error's message.
 * @example safe`Pod '${pod.name}' is ${pod.status}.`
 */
export function safe(literals: TemplateStringsArray, ...values: readonly unknown[]): Safe {
  const text = literals.reduce(
    (before, literal, index) => `${before}${foreign(values[index - 1])}${literal}`,
  );
  return withoutCommands(text) as Safe;
}

/** An untrusted string on one line. */
export function foreign(text: unknown, { most = LONGEST, secrets = [] }: Limits = {}): Safe {
  const shown = redact(visible(textOf(text)), secrets);
  return withoutCommands(cut(shown.replace(/[\n\t]+/g, " "), most)) as Safe;
}

/** An untrusted string in a sentence: on one line, in quotation marks. */
export function quoted(text: unknown, limits?: Limits): Safe {
  return `"${foreign(text, limits).trim().replaceAll('"', "'")}"` as Safe;
}

/** An untrusted name in a sentence: as it is if it reads as a name, else in quotation marks. */
export function named(name: unknown, limits?: Limits): Safe {
  const bare = foreign(name, limits);
  return /^[\w./:@+-]+$/.test(bare) ? bare : quoted(name, limits);
}

/** An untrusted string that keeps its lines, such as a log. A secret may be split over several lines. */
export function foreignLines(text: string, { indent = safe``, ...limits }: LineLimits = {}): Safe {
  const all = redact(visible(text), limits.secrets).split("\n").slice(0, MOST_LINES);
  return multiline(all.map((line) => join([indent, foreign(line, limits)])));
}

/** Safe strings, one below the other. */
export function multiline(...texts: readonly (Safe | readonly Safe[])[]): Safe {
  return join(texts.flat(), "\n");
}

/** Safe strings, one after the other. @param between a separator in our own words */
export function join(texts: readonly Safe[], between = ""): Safe {
  return texts.join(between) as Safe;
}

/** Data for programs, with every character: escaped if it controls a terminal or hides. Secrets are masked. */
export function json(value: unknown): Safe {
  const masked = (_: string, item: unknown) => (typeof item === "string" ? mask(item) : item);
  return JSON.stringify(value, masked, 2)
    .replace(/(?!\n)[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu, escaped)
    .replace(/##(?=\w{0,40}\[)/g, "\\u0023#") as Safe;
}

/** A string in our own words, such as a command's help. Never use it for one from outside. */
export function trusted(text: string): Safe {
  return text as Safe;
}

function mask(text: string): string {
  const seen = visible(text);
  const redacted = redact(seen);
  return redacted === seen ? text : redacted;
}

function escaped(letter: string): string {
  return [...Array(letter.length).keys()]
    .map((at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}

function cut(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
