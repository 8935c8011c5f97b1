import { type Colors, colors, multiline, type Output, type Safe, safe } from "@runpod-stack/kit";

/** What a command sees of the process that runs it; `process` itself is one. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output & NodeJS.EventEmitter;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Prints a command's result. */
export function print({ stdout }: Terminal, text: Safe): void {
  stdout.write(multiline(text, safe``));
}

/** Colours for people: none in a pipe or a file, and none if NO_COLOR is set. */
export function colorsFor(terminal: Terminal): Colors {
  return colors(terminal.stdout.isTTY === true && !terminal.env["NO_COLOR"]);
}

/** The exit status if something mandatory is violated. */
export const VIOLATED = 1;

/** The user's input cannot be used: told in its own words, without a stack trace. */
export class UnusableInput extends Error {
  declare readonly message: Safe;

  constructor(message: Safe) {
    super(message);
  }
}

/** A command ends with this exit status though nothing went wrong in it. */
export class Ended extends Error {
  constructor(readonly status: number) {
    super();
  }
}
