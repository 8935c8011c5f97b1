import { fstatSync, statSync } from "node:fs";
import { foreign } from "@runpod-stack/kit";
import { nameOf, readText, type Terminal, UnusableInput } from "@runpod-stack/kit/command";
import { UnreadableInput } from "../input/unreadable";
import { boundedText } from "./bounded-text";

/**
 * Reads a file, or standard input for -.
 * @param read parses the content of the named input
 * @throws {UnusableInput} if it cannot be read or parsed
 */
export async function readInput<T>(
  file: string,
  terminal: Terminal,
  read: (name: string, text: string) => T,
): Promise<T> {
  const name = nameOf(file);
  const content = await readText(file, terminal, (stream) => boundedText(name, stream));
  try {
    return read(name, content);
  } catch (error) {
    throw error instanceof UnreadableInput ? new UnusableInput(foreign(error.message)) : error;
  }
}

/**
 * Whether an input is a file on disk, and not the output of another command. Call this before reading
 * the input, which closes standard input.
 */
export function isStored(file: string, { stdin }: Terminal): boolean {
  try {
    return (file === "-" ? fstatSync(stdin.fd ?? -1) : statSync(file)).isFile();
  } catch {
    return false;
  }
}
