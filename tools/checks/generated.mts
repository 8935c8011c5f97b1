import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

/** Digests of the generated files, by path: those in folders named generated, and those with a generated part. */
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

/** The files that generating has changed. The new files stay in place, ready to commit. */
export function staleFiles(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .map((file) => `${file} was not what \`npm run generate\` writes; commit the new one`);
}
