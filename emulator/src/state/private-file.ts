import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
} from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
export const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a file of secrets and makes it readable by its owner only; null if there is none. */
export function readPrivateFile(file: string): string | null {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(`${file} is a symbolic link. Name the file that it leads to.`);
  }
  const descriptor = openForReading(file);
  if (descriptor === null) {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) {
      throw new Error(`${file} is not a file. Name another file.`);
    }
    checkSize(file, stats.size);
    if (stats.mode & OTHERS) {
      makePrivate(file, descriptor);
    }
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

function makePrivate(file: string, descriptor: number): void {
  try {
    fchmodSync(descriptor, OWNER_ONLY);
  } catch (error) {
    throw cannotRead(file, error as Error);
  }
}

function cannotRead(file: string, { message }: Error): Error {
  return new Error(
    `${file} belongs to another user: ${message}. Take it over, or name another file.`,
  );
}

function checkSize(file: string, bytes: number): void {
  if (bytes > MAX_BYTES) {
    throw new Error(`${file} has ${bytes} bytes, more than ${MAX_BYTES}. Name another file.`);
  }
}

/**
 * Replaces the file as a whole, or not at all, also if the machine crashes. Only its owner can read
 * it. Does not follow links that others may have put in its place.
 * @returns its size in bytes
 * @throws if `readPrivateFile` would refuse it as too large
 */
export async function writePrivateFile(file: string, text: string): Promise<number> {
  const bytes = Buffer.byteLength(text);
  checkSize(file, bytes);
  const partial = `${file}.${randomBytes(8).toString("hex")}.partial`;
  try {
    const handle = await open(partial, "wx", OWNER_ONLY);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await syncFolder(path.dirname(file));
    return bytes;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

export function cannotWrite(file: string, { message, code }: NodeJS.ErrnoException): Error {
  const remedy = code === "ENOSPC" ? "Free space" : "Make its folder writable";
  return new Error(`${file} cannot be written: ${message}. ${remedy}, or name another file.`);
}

/** The end of a file that `writePrivateFile` has written. */
export class PrivateLog {
  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  static async open(file: string): Promise<PrivateLog> {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
    return new PrivateLog(file, await open(file, flags));
  }

  /** Whether the file still has its name: nothing has deleted or replaced it. */
  isInPlace(): boolean {
    const { dev, ino } = fstatSync(this.handle.fd);
    const named = lstatSync(this.file, { throwIfNoEntry: false });
    return named?.dev === dev && named.ino === ino;
  }

  /** Adds text, which survives the end of this process; not always that of the machine. */
  append(text: string): void {
    appendFileSync(this.handle.fd, text);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Removes what killed writers left behind. Call it only while nobody else writes the file. */
export async function removePartials(file: string): Promise<void> {
  const { dir, base } = path.parse(path.resolve(file));
  for (const name of await readdir(dir)) {
    const isPartial =
      name.startsWith(`${base}.`) && /^[0-9a-f]{16}\.partial$/.test(name.slice(base.length + 1));
    if (isPartial) {
      await rm(path.join(dir, name), { force: true });
    }
  }
}

/** A new file's name is on the disk once its folder is. Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Does not wait for the other end of a pipe, and does not follow links. */
function openForReading(file: string): number | null {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      return null;
    }
    throw code === "EACCES" ? cannotRead(file, error as Error) : error;
  }
}
