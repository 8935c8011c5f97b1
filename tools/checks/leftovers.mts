import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

/** Files of others, kept unchanged. */
const NOT_OURS = /^(?:LICENSE$|(?:.*\/)?package-lock\.json$|openapi\/src\/published\/)/;

const LEFTOVERS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an unfinished piece of work", /\b(?:TO[D]O|FIX[M]E|XX[X])\b/],
  ["a path of one machine", /(?<![\w./])\/(?:home|Users|work)\/\w/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:$|\\n[\w+/]{40})/],
  ["a RunPod API key", /\brpa_[A-Z0-9]{40,}/],
  ["a Hugging Face token", /\bhf_[A-Za-z]{34}/],
  ["a command under a package name that is not ours", /\bnp[x] runpod-/],
  ["a GitHub or npm token", /\b(?:gh[pousr]|npm)_[A-Za-z0-9]{36}/],
];

/** What must not be published with the repository. */
export function leftovers(): string[] {
  return repositoryFiles()
    .filter((file) => !NOT_OURS.test(file))
    .flatMap((file) =>
      readFileSync(path.join(root, file), "utf8")
        .split("\n")
        .flatMap((line, index) =>
          LEFTOVERS.filter(([, pattern]) => pattern.test(line)).map(
            ([what]) => `${file}:${index + 1} has ${what}`,
          ),
        ),
    );
}
