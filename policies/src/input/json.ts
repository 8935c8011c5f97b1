import { UnreadableInput } from "./unreadable";

/**
 * The value that a file's text holds.
 * @throws {UnreadableInput} if it is not JSON; it names the place, and quotes nothing of the file
 */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(error.message) ?? [];
    const place = line === undefined ? "" : ` (line ${line}, column ${column})`;
    throw new UnreadableInput(`Cannot read ${file}: it is not JSON${place}.`);
  }
}
