import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

const PINNED = /^(?:\.\/\S+|[\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+)*)$/;

/** Actions without a commit, because a tag can be moved, and workflows that do not drop all rights first. */
export function looseWorkflows(): string[] {
  return repositoryFiles(".github/workflows/*.yml", "examples/*/github/*.yml").flatMap((file) => {
    const text = readFileSync(path.join(root, file), "utf8");
    const problems = [...text.matchAll(/^\s*(?:- )?uses: *(.+?) *$/gm)]
      .map(([, action = ""]) => action)
      .filter((action) => !PINNED.test(action))
      .map((action) => `${file}: "${action}" is not pinned as owner/name@<commit> # v1.2.3`);
    if (!/^permissions: \{\}$/m.test(text)) {
      problems.push(`${file}: no top-level "permissions: {}"`);
    }
    return problems;
  });
}
