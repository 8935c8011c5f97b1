import type { Readable } from "node:stream";
import { type Colors, colors } from "../colors";
import { multiline, type Output, type Safe, safe } from "../safe";
import { wrapped } from "../wrapped";

/** What a command sees of the process that runs it; `process` itself is one. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One of its two outputs. */
export type Screen = Output & NodeJS.EventEmitter & { readonly columns?: number };

const STANDARD_WIDTH = 80;

/** Prints a command's result. */
export function print({ stdout }: Pick<Terminal, "stdout">, text: Safe): void {
  stdout.write(multiline(text, safe``));
}

/** Prints, in addition to the result, what its reader should know: sentences, wrapped to the width. */
export function report(terminal: Pick<Terminal, "stderr" | "env">, text: Safe): void {
  const { stderr } = terminal;
  stderr.write(multiline(wrapped(text, widthOf(stderr, terminal)), safe``));
}

/** Columns for text: what COLUMNS says, else the terminal's, else 80. */
export function widthOf({ columns }: Screen, { env }: Pick<Terminal, "env">): number {
  return Number(env["COLUMNS"]) || columns || STANDARD_WIDTH;
}

/** Colors for people: none in a pipe or a file, and none if NO_COLOR is set. */
export function colorsFor({ stdout, env }: Pick<Terminal, "stdout" | "env">): Colors {
  return colors(stdout.isTTY === true && !env["NO_COLOR"]);
}
