import { withoutCommands } from "./printable";
import type { Safe } from "./safe";

/** A word, or several in `backticks`: a command is copied whole. */
const WORDS = /(?:[^\s`]|`[^`\n]*`)+|\S/g;

/**
 * Breaks lines that are longer than the width at their spaces. The rest of a broken line is
 * indented: it may be untrusted, and must not look like our own line.
 */
export function wrapped(text: Safe, width: number): Safe {
  const lines = text.split("\n").flatMap((line) => pieces(line, width));
  return withoutCommands(lines.join("\n")) as Safe;
}

function pieces(line: string, width: number): string[] {
  if (line.length <= width) {
    return [line];
  }
  const indent = /^ */.exec(line)?.[0] ?? "";
  const [first = "", ...words] = (line.match(WORDS) ?? []) as string[];
  const done: string[] = [];
  let piece = indent + first;
  for (const word of words) {
    if (piece.length + 1 + word.length <= width) {
      piece += ` ${word}`;
    } else {
      done.push(piece);
      piece = `${indent}  ${word}`;
    }
  }
  return [...done, piece];
}
