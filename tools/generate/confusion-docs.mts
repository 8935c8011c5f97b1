// Writes the table in docs/policies.md of how often each rule is right about the specs in tests/cases.
// usage: node tools/generate/confusion-docs.mts (after a build)
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as Policies from "@runpod-stack/policies";
import { confusionTable, type Expected } from "./confusion.mts";
import { writePart } from "./part.mts";

const root = path.join(import.meta.dirname, "../..");
const { rules } = createRequire(import.meta.url)(
  path.join(root, "policies/dist/index.js"),
) as typeof Policies;
const folder = path.join(root, "tests/cases");
const all: Expected[] = JSON.parse(readFileSync(path.join(folder, "expected.json"), "utf8"));
const cases = all.filter(({ cause }) => cause === undefined);

writePart(
  path.join(root, "docs/policies.md"),
  "confusion",
  confusionTable(
    cases,
    report(),
    rules.map(({ name }) => name),
  ),
);

function report() {
  const command = path.join(root, "policies/bin/runpod-policies.js");
  // No finding fails it: all that it reports is wanted.
  const args = [command, "check", "--json", ...cases.map(({ file }) => path.join(folder, file))];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    if (status !== 1) {
      throw error;
    }
    return JSON.parse(stdout);
  }
}
