import type { Writable } from "node:stream";
import { createColors } from "picocolors";

/** What a command sees of the process that runs it; `process` itself is one. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Colors = ReturnType<typeof createColors>;

/** Colours for people: none in a pipe or a file, and none if NO_COLOR is set. */
export function colorsFor(terminal: Terminal): Colors {
  return createColors(terminal.stdout.isTTY === true && !terminal.env["NO_COLOR"]);
}

/** The exit status if something mandatory is violated. */
export const VIOLATED = 1;

/** The user's input cannot be used: told in its own words, without a stack trace. */
export class UnusableInput extends Error {}

/** A command ends with this exit status though nothing went wrong in it. */
export class Ended extends Error {
  constructor(readonly status: number) {
    super();
  }
}
