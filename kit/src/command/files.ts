import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { safe } from "../safe";
import { UnusableInput } from "./ending";
import type { Stream, Terminal } from "./terminal";
import { withinTree } from "./tree";

/** The name of standard input in place of a file's. */
export const STANDARD_INPUT = "standard input";

/**
 * Reads a file, or standard input for `-`.
 * @param read reads the stream up to a limit. @default all of it
 * @throws {UnusableInput} if it cannot be read
 */
export async function readText(
  file: string,
  terminal: Terminal,
  read: (stream: Stream) => Promise<string> = text as (stream: Stream) => Promise<string>,
): Promise<string> {
  try {
    return await read(file === "-" ? terminal.stdin : createReadStream(withinTree(file)));
  } catch (error) {
    throw error instanceof UnusableInput ? error : unusableFile(nameOf(file), error);
  }
}

/** The name of an input in messages. */
export function nameOf(file: string): string {
  return file === "-" ? STANDARD_INPUT : file;
}

/** The sentence for a file that cannot be read. */
export function unusableFile(name: string, error: unknown): UnusableInput {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new UnusableInput(safe`${name} ${REASONS[code] ?? `cannot be used: ${message}.`}`);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "cannot be used: permission denied.",
  EISDIR: "is a folder. Name a file.",
  ELOOP: "is a symbolic link that leads to itself.",
  ENAMETOOLONG: "does not exist: the name is too long.",
  ENOENT: "does not exist.",
  ENOTDIR: "does not exist.",
  EPERM: "cannot be used: permission denied.",
};
