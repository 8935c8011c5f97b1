import { createReadStream, fstatSync, statSync } from "node:fs";
import { foreign, safe } from "@runpod-stack/kit";
import { UnreadableInput } from "../input/unreadable";
import { boundedText } from "./bounded-text";
import { type Terminal, UnusableInput } from "./terminal";
import { withinTree } from "./tree";

/** What standard input is called where a file's name would stand. */
export const STANDARD_INPUT = "standard input";

/**
 * Reads a file, or standard input for -.
 * @param read makes something of its name and text
 * @param name what messages call it
 * @throws {UnusableInput} if it cannot be read, or nothing can be made of it
 */
export async function readInput<T>(
  file: string,
  terminal: Terminal,
  read: (name: string, text: string) => T,
  name = file === "-" ? STANDARD_INPUT : file,
): Promise<T> {
  try {
    const stream = file === "-" ? terminal.stdin : createReadStream(withinTree(file));
    return read(name, await boundedText(name, stream as AsyncIterable<Uint8Array | string>));
  } catch (error) {
    if (error instanceof UnusableInput) throw error;
    const { message } = error as Error;
    throw new UnusableInput(
      error instanceof UnreadableInput ? foreign(message) : safe`Cannot read ${name}: ${message}`,
    );
  }
}

/**
 * Whether an input lies on a disk, and is not what another command is just printing. To be asked before
 * it is read, which closes standard input.
 */
export function isStored(file: string, { stdin }: Terminal): boolean {
  try {
    const { fd = -1 } = stdin as { fd?: number };
    return (file === "-" ? fstatSync(fd) : statSync(file)).isFile();
  } catch {
    return false;
  }
}
