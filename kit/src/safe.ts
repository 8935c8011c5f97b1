import { visible, withoutCommands } from "./printable";
import { redact } from "./redact";

declare const passed: unique symbol;

/**
 * A text that may be shown to a person or written to a log: only the functions of this file make
 * one. What is not ours in it holds no escape sequence, no hidden character, no line break, no
 * known secret and nothing that a CI system takes for a command.
 */
export type Safe = string & { readonly [passed]: true };

/** Where a command writes; `process.stdout` is one. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: Safe): unknown;
}

/** How foreign text is shown. */
export interface Limits {
  /** The most characters that are shown. @default 2048 */
  readonly most?: number;
  /** What must not be shown, in addition to the secrets of the process and well-known kinds of keys. */
  readonly secrets?: Iterable<string>;
}

/** How several foreign lines are shown. */
export interface LineLimits extends Limits {
  /** Stands before each line. */
  readonly indent?: Safe;
}

const LONGEST = 2_048;
const MOST_LINES = 200;

/**
 * A text in our own words. Values are foreign: a name, an answer, an error's message.
 * @example safe`Pod '${pod.name}' is ${pod.status}.`
 */
export function safe(literals: TemplateStringsArray, ...values: readonly unknown[]): Safe {
  const text = literals.reduce(
    (before, literal, index) => `${before}${foreign(values[index - 1])}${literal}`,
  );
  return withoutCommands(text) as Safe;
}

/** A text of unknown origin, on one line. */
export function foreign(text: unknown, { most = LONGEST, secrets = [] }: Limits = {}): Safe {
  const shown = redact(visible(String(text)), secrets);
  return withoutCommands(cut(shown.replace(/[\n\t]+/g, " "), most)) as Safe;
}

/** A text of unknown origin as a part of a sentence: on one line, in quotation marks. */
export function quoted(text: unknown, limits?: Limits): Safe {
  return `"${foreign(text, limits).trim().replaceAll('"', "'")}"` as Safe;
}

/** A name of unknown origin as a part of a sentence: bare if it reads as a name, else in quotation marks. */
export function named(name: unknown, limits?: Limits): Safe {
  const bare = foreign(name, limits);
  return /^[\w./:@+-]+$/.test(bare) ? bare : quoted(name, limits);
}

/** A text of unknown origin that keeps its lines, such as a log: a secret may be split over them. */
export function foreignLines(text: string, { indent = safe``, ...limits }: LineLimits = {}): Safe {
  const all = redact(visible(text), limits.secrets).split("\n").slice(0, MOST_LINES);
  return multiline(all.map((line) => join([indent, foreign(line, limits)])));
}

/** Texts one below the other. */
export function multiline(...texts: readonly (Safe | readonly Safe[])[]): Safe {
  return join(texts.flat(), "\n");
}

/** Texts one after the other. @param between our own words */
export function join(texts: readonly Safe[], between = ""): Safe {
  return texts.join(between) as Safe;
}

/** Data for programs: every character is there, escaped if it steers or hides; secrets are masked. */
export function json(value: unknown): Safe {
  const masked = (_: string, item: unknown) => (typeof item === "string" ? mask(item) : item);
  return JSON.stringify(value, masked, 2)
    .replace(/(?!\n)[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu, escaped)
    .replace(/##(?=\w{0,40}\[)/g, "\\u0023#") as Safe;
}

/** A text that is known to be ours, such as a command's help. Never one that came from outside. */
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
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
