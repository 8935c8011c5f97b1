import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

export const root = path.join(import.meta.dirname, "../..");

/** The repository's files, committed or about to be, relative to its root. */
export function repositoryFiles(...pathspecs: string[]): string[] {
  const listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", ...pathspecs);
  return listed.split("\0").filter((file) => file !== "" && existsSync(path.join(root, file)));
}

/** Git's answer to a question about the repository. */
export function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}
