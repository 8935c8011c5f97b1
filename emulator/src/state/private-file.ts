import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a file of secrets and makes it readable by its owner only; null if there is none. */
export function readPrivateFile(file: string): string | null {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(`${file} is a symbolic link. Name the file that it leads to.`);
  }
  const descriptor = open(file);
  if (descriptor === null) {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > MAX_BYTES) {
      throw new Error(`${file} is not a file of at most ${MAX_BYTES} bytes. Name another file.`);
    }
    if (stats.mode & OTHERS) {
      fchmodSync(descriptor, OWNER_ONLY);
    }
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replaces the file as a whole, or not at all, and makes it readable by its owner only. Does not
 * follow links that others may have put in its place.
 */
export function writePrivateFile(file: string, text: string): void {
  const partial = `${file}.${randomBytes(8).toString("hex")}.partial`;
  try {
    writeFileSync(partial, text, { mode: OWNER_ONLY, flag: "wx" });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Does not wait for the other end of a pipe, and does not follow links. */
function open(file: string): number | null {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return null;
    }
    throw error;
  }
}
