import { realpath, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";

/**
 * Why a file cannot be run or a folder cannot be filled: another user of this machine could have
 * put something there. Undefined if everything below `base` belongs to us or to root, and only they
 * can write up to the root.
 */
export async function distrust(path: string, base: string): Promise<string | undefined> {
  const us = process.getuid?.();
  if (us === undefined) {
    return undefined; // Windows: homes are closed to others
  }
  const ours = await realpath(base).catch(() => undefined);
  const existing = await nearest(path);
  // Whoever can write the folder of a symbolic link on the way can make it lead elsewhere.
  return (await distrustOf(await realpath(existing), ours, us)) ?? distrustOf(existing, ours, us);
}

async function distrustOf(
  path: string,
  ours: string | undefined,
  us: number,
): Promise<string | undefined> {
  for (let at = path; ; at = dirname(at)) {
    const { uid, gid, mode } = await stat(at);
    const isOurs = ours !== undefined && !relative(ours, at).startsWith("..");
    if (isOurs && uid !== us && uid !== 0) {
      return `${at} belongs to another user (uid ${uid}). Delete it, or change its owner.`;
    }
    // In a sticky folder such as /tmp, users cannot replace files of others. The user's private
    // group is safe, too.
    const isGroupOther = (mode & 0o020) !== 0 && gid !== us;
    if ((mode & 0o1000) === 0 && ((mode & 0o002) !== 0 || isGroupOther)) {
      return `${at} can be written by others. Run: chmod go-w ${at}`;
    }
    if (at === dirname(at)) {
      return undefined;
    }
  }
}

/** The path itself, or the folder in which it would be created, with symbolic links resolved. */
async function nearest(path: string): Promise<string> {
  const full = resolve(path);
  const exists = await stat(full).then(
    () => true,
    () => false,
  );
  return exists || full === dirname(full) ? full : nearest(dirname(full));
}
