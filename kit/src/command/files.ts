import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { safe } from "../safe";
import { UnusableInput } from "./ending";
import type { Terminal } from "./terminal";
import { withinTree } from "./tree";

/** What standard input is called where a file's name would stand. */
export const STANDARD_INPUT = "standard input";

type Stream = AsyncIterable<Uint8Array | string>;

/**
 * The text of a file, or of standard input for -.
 * @param read reads the stream, with limits of its own. @default all of it
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

/** What messages call an input. */
export function nameOf(file: string): string {
  return file === "-" ? STANDARD_INPUT : file;
}

/** The sentence about a file that the file system refused. */
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
