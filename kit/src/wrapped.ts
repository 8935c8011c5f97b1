import { withoutCommands } from "./printable";
import type { Safe } from "./safe";

/** A word, or several in `backticks`: a command is copied whole. */
const WORDS = /(?:[^\s`]|`[^`\n]*`)+|\S/g;

/**
 * A text with no line that is longer than the width, where blanks allow it. What is broken off a
 * line is indented as that line is.
 */
export function wrapped(text: Safe, width: number): Safe {
  const lines = text.split("\n").flatMap((line) => pieces(line, width));
  return withoutCommands(lines.join("\n")) as Safe;
}

function pieces(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const done: string[] = [];
  let piece = "";
  for (const [word] of line.matchAll(WORDS)) {
    if (piece !== "" && indent.length + piece.length + 1 + word.length > width) {
      done.push(indent + piece);
      piece = word;
    } else {
      piece += piece === "" ? word : ` ${word}`;
    }
  }
  return [...done, indent + piece];
}
