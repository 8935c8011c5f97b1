import type { Readable, Writable } from "node:stream";
import { createColors } from "picocolors";

/** What a command sees of the process that runs it; `process` itself is one. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Colors = ReturnType<typeof createColors>;

/** Colours for people: none in a pipe or a file, and none if NO_COLOR is set. */
export function colorsFor(terminal: Terminal): Colors {
  return createColors(terminal.stdout.isTTY === true && !terminal.env["NO_COLOR"]);
}

/** The user's input cannot be used: told in its own words, without a stack trace. */
export class UnusableInput extends Error {}
