import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./processes.mts";

/**
 * Makes `folder` appear complete or not at all: `fill` writes into a new folder next to it, which
 * then replaces it.
 */
export async function publishFolder(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  await removeAbandoned(folder);
  const unfinished = `${folder}${UNFINISHED}${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

const UNFINISHED = ".unfinished-";

/** Deletes what an interrupted process left. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  const prefix = `${basename(folder)}${UNFINISHED}`;
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}
