import { type Colors, colors } from "../colors";
import { multiline, type Output, type Safe, safe } from "../safe";
import { wrapped } from "../wrapped";

/** The bytes that a command reads, in pieces. */
export type Stream = AsyncIterable<Uint8Array | string>;

/**
 * What a command sees of the process that runs it; `process` itself is one. Names no types of
 * Node's, which a package's user may not have.
 */
export interface Terminal {
  readonly stdin: Stream & { readonly isTTY?: boolean; readonly fd?: number };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One of its two outputs. */
export interface Screen extends Output {
  readonly columns?: number;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "error", listener: (error: Error) => void): unknown;
}

const STANDARD_WIDTH = 80;

/** Prints a command's result. */
export function print({ stdout }: Pick<Terminal, "stdout">, text: Safe): void {
  stdout.write(multiline(text, safe``));
}

/** Prints notes next to the result: sentences, wrapped to the width. */
export function report(terminal: Pick<Terminal, "stderr" | "env">, text: Safe): void {
  const { stderr } = terminal;
  stderr.write(multiline(wrapped(text, widthOf(stderr, terminal)), safe``));
}

/** Columns for text: COLUMNS, else the terminal's width, else 80. */
export function widthOf({ columns }: Screen, { env }: Pick<Terminal, "env">): number {
  return Number(env["COLUMNS"]) || columns || STANDARD_WIDTH;
}

/** Colors for people: none in a pipe or a file, and none if NO_COLOR is set. */
export function colorsFor({ stdout, env }: Pick<Terminal, "stdout" | "env">): Colors {
  return colors(stdout.isTTY === true && !env["NO_COLOR"]);
}
