import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { foreign, safe } from "@runpod-stack/kit";
import { UnreadableInput } from "../input/unreadable";
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
    return read(name, await (file === "-" ? text(terminal.stdin) : readFile(file, "utf8")));
  } catch (error) {
    const { message } = error as Error;
    throw new UnusableInput(
      error instanceof UnreadableInput ? foreign(message) : safe`Cannot read ${name}: ${message}`,
    );
  }
}
