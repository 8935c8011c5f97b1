import { createReadStream } from "node:fs";
import { UnreadableInput } from "../input/unreadable";
import { boundedText } from "./bounded-text";
import { type Terminal, UnusableInput } from "./terminal";

/**
 * Reads a file, or standard input for -.
 * @param read makes something of its name and text
 * @throws {UnusableInput} if it cannot be read, or nothing can be made of it
 */
export async function readInput<T>(
  file: string,
  terminal: Terminal,
  read: (name: string, text: string) => T,
): Promise<T> {
  const name = file === "-" ? "standard input" : file;
  try {
    const stream = file === "-" ? terminal.stdin : createReadStream(file);
    return read(name, await boundedText(name, stream as AsyncIterable<Uint8Array | string>));
  } catch (error) {
    const { message } = error as Error;
    throw new UnusableInput(
      error instanceof UnreadableInput ? message : `Cannot read ${name}: ${message}`,
    );
  }
}
