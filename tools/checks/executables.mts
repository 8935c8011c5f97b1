import { readFileSync } from "node:fs";
import path from "node:path";
import { git, repositoryFiles, root } from "./files.mts";

/**
 * Commands of a package.json that are not committed with their run bit: npm links commands before
 * anything is compiled, and silently skips those whose file is missing.
 */
export function unlinkableCommands(): string[] {
  const problems: string[] = [];
  for (const manifest of repositoryFiles("package.json", "*/package.json")) {
    const { bin = {} } = JSON.parse(readFileSync(path.join(root, manifest), "utf8")) as {
      bin?: Record<string, string>;
    };
    for (const [command, target] of Object.entries(bin)) {
      const file = path.posix.join(path.posix.dirname(manifest), target);
      const [mode] = git("ls-files", "--stage", "--", file).split(" ");
      if (!mode) {
        problems.push(`${file}, the command ${command} of ${manifest}, is not committed`);
      } else if (mode !== "100755") {
        problems.push(`${file} lacks its run bit: chmod +x, and commit`);
      }
    }
  }
  return problems;
}
