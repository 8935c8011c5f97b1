import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { cannotWrite } from "./private-file";

/** The locks of this process: another with its id may have left one, as in a container that starts again. */
const OWN = new Set<string>();

/** Keeps a second emulator from a file, until `release`. A lock of a process that has ended counts for nothing. */
export class FileLock {
  private constructor(private readonly path: string) {
    OWN.add(path);
  }

  /** @throws if another process holds it */
  static acquire(file: string): FileLock {
    const path = `${file}.lock`;
    if (!create(path)) {
      replaceStale(file, path);
    }
    return new FileLock(path);
  }

  release(): void {
    OWN.delete(this.path);
    rmSync(this.path, { force: true });
  }
}

/** Only one process at a time checks and replaces it: another's fresh lock is never removed. */
function replaceStale(file: string, path: string): void {
  const turn = `${path}.stale`;
  if (!create(turn)) {
    throw new Error(`${file} is in use by another emulator. Name another file, or delete ${turn}.`);
  }
  try {
    const holder = holderOf(path);
    if (holder !== null && isAlive(holder, path)) {
      throw new Error(
        `${file} is in use by process ${holder}. Stop it, or name another file. If it is no emulator, delete ${path}.`,
      );
    }
    rmSync(path, { force: true });
    if (!create(path)) {
      throw new Error(`${file} is in use by another emulator. Name another file.`);
    }
  } finally {
    rmSync(turn, { force: true });
  }
}

function create(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw cannotWrite(path, error as Error);
  }
}

/** Null for a lock whose writer was killed before it wrote its id. */
function holderOf(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10) || null;
  } catch {
    return null;
  }
}

function isAlive(pid: number, path: string): boolean {
  if (pid === process.pid) {
    return OWN.has(path);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
