import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

/** The generated files' digests, by path: everything in a folder of that name, and what has a generated part. */
export function generatedFiles(): Map<string, string> {
  return new Map(
    repositoryFiles(
      "*/generated/*",
      "docs/policies.md",
      "docs/reliability.md",
      "policies/README.md",
    ).map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(path.join(root, file)))
        .digest("hex"),
    ]),
  );
}

/** What generating again has changed. The check leaves the new files in place: they are the cure. */
export function staleFiles(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .map((file) => `${file} was not what \`npm run generate\` writes; commit the new one`);
}
