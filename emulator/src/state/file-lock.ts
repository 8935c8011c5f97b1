import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { cannotWrite } from "./private-file";

/** Keeps a second emulator from a file, until `release`. A lock of a process that has ended counts for nothing. */
export class FileLock {
  private constructor(private readonly path: string) {}

  /** @throws if another process holds it */
  static acquire(file: string): FileLock {
    const path = `${file}.lock`;
    if (!create(path)) {
      const holder = holderOf(path);
      if (holder !== null && isAlive(holder)) {
        throw new Error(
          `${file} is in use by process ${holder}. Stop it, or name another file. If it is no emulator, delete ${path}.`,
        );
      }
      rmSync(path, { force: true });
      if (!create(path)) {
        throw new Error(`${file} is in use by another emulator. Name another file.`);
      }
    }
    return new FileLock(path);
  }

  release(): void {
    rmSync(this.path, { force: true });
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
