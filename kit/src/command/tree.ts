import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { safe } from "../safe";
import { UnusableInput } from "./ending";

/**
 * Resolves a path to read. A symbolic link in a pull request must not lead out of it: if the path
 * is inside the working directory or a repository, its target must be, too. Other paths, such as
 * /dev/stdin, are returned unchanged.
 * @throws {UnusableInput} if it leads out of there
 */
export function withinTree(file: string): string {
  const full = path.resolve(file);
  const trees = foldersAbove(full).filter(isTree);
  if (trees.length === 0) {
    return file;
  }
  const real = realpathSync.native(full);
  const left = trees.find((tree) => !isPartOf(real, realpathSync.native(tree)));
  if (left === undefined) {
    return real;
  }
  throw new UnusableInput(
    safe`${file} is a symbolic link that leads out of ${left}. Copy the file there, or give its own path.`,
  );
}

/** Refuses a folder that leads out of the tree, if it exists: its name is used in reports. */
export function assertWithinTree(folder: string): void {
  if (existsSync(folder)) {
    withinTree(folder);
  }
}

/** Innermost first. The root is left out, because it contains everything. */
function foldersAbove(file: string): string[] {
  const folder = path.dirname(file);
  return folder === path.dirname(folder) ? [] : [folder, ...foldersAbove(folder)];
}

function isTree(folder: string): boolean {
  return folder === process.cwd() || existsSync(path.join(folder, ".git"));
}

/** Git's own files are not part of its tree: a checkout's .git/config may hold a token. */
function isPartOf(file: string, tree: string): boolean {
  const [first, ...rest] = path.relative(tree, file).split(path.sep);
  return first !== ".." && !path.isAbsolute(first ?? "") && ![first, ...rest].includes(".git");
}
