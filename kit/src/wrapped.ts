import { withoutCommands } from "./printable";
import type { Safe } from "./safe";

/** A word, or several in `backticks`: a command is copied whole. */
const WORDS = /(?:[^\s`]|`[^`\n]*`)+|\S/g;

/**
 * A text with no line that is longer than the width, where blanks allow it. What is broken off a
 * line is indented: it may be foreign, and must not read as a line of ours.
 */
export function wrapped(text: Safe, width: number): Safe {
  const lines = text.split("\n").flatMap((line) => pieces(line, width));
  return withoutCommands(lines.join("\n")) as Safe;
}

function pieces(line: string, width: number): string[] {
  if (line.length <= width) return [line];
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
