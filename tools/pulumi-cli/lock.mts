import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./processes.mts";

export interface LockOptions {
  /** Called every few seconds with the process that holds the lock. */
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other process on this machine does so under the same lock file.
 *
 * A holder that died is replaced. Two processes that replace the same dead holder in the same
 * instant may both run: the lock saves work, and `publishFolder` keeps the result whole.
 */
export async function withLock<T>(
  file: string,
  { report, signal }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  for (let looks = 0; !(await tryToTake(file)); looks += 1) {
    const holder = await livingHolder(file);
    if (holder === undefined) {
      await rm(file, { force: true });
      continue;
    }
    if (looks % LOOKS_PER_REPORT === 0) {
      report(`waiting for process ${holder}, which holds ${file}`);
    }
    await sleep(BETWEEN_LOOKS, undefined, { signal });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

const BETWEEN_LOOKS = 250;
const LOOKS_PER_REPORT = 20;
const HEARTBEAT = 2_000;
/** A process id may belong to another program, for example after a reboot. */
const SILENT_FOR_TOO_LONG = 60_000;

async function tryToTake(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

async function livingHolder(file: string): Promise<number | undefined> {
  try {
    const silentFor = Date.now() - (await stat(file)).mtimeMs;
    const holder = Number(await readFile(file, "utf8"));
    return silentFor < SILENT_FOR_TOO_LONG && isAlive(holder) ? holder : undefined;
  } catch {
    return undefined; // released in the meantime
  }
}
