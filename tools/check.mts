// Runs every static check and prints a table: what CI requires in addition to the tests.
// usage: node tools/check.mts
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { unlinkableCommands } from "./checks/executables.mts";
import { slowExpressions } from "./checks/expressions.mts";
import { repositoryFiles, root } from "./checks/files.mts";
import { generatedFiles, staleFiles } from "./checks/generated.mts";
import { leftovers } from "./checks/leftovers.mts";
import { deadLinks } from "./checks/links.mts";
import { unlockedPackages } from "./checks/lock-file.mts";
import { unprovenDefenses } from "./checks/security.mts";
import { hardWords } from "./checks/voice.mts";
import { looseWorkflows } from "./checks/workflows.mts";

/** Returns what is wrong, or an empty string. */
type Check = () => string;

const SOURCES = [
  "kit/src",
  "models/src",
  "openapi/src",
  "provider/src",
  "policies/src",
  "emulator/src",
  "tools",
  "tests",
  "bench",
  "examples",
];

/** What `npm run generate` runs after its build. */
const GENERATORS = [
  "generate",
  "coverage-docs",
  "program-types",
  "resource-docs",
  "function-docs",
  "policy-docs",
  "confusion-docs",
  "scenario-docs",
];

/** The first two must come first: generating uses the build, and later checks use both. */
const CHECKS: readonly (readonly [name: string, check: Check])[] = [
  ["build", tool("tsc", "-b")],
  ["generated files", generated],
  ["format and lint", tool("biome", "check", "--error-on-warnings", ".")],
  ["types of tools and benches", tool("tsc", "-p", "tools")],
  ["types of tests", tool("tsc", "-p", "tests")],
  ...exampleTypes(),
  [
    "layers",
    tool(
      "depcruise",
      "--config",
      ".dependency-cruiser.cjs",
      ...SOURCES.filter((folder) => existsSync(path.join(root, folder))),
    ),
  ],
  ["dead code", tool("knip")],
  ["commands", list(unlinkableCommands)],
  ["lock file", list(unlockedPackages)],
  ["links", list(deadLinks)],
  ["spelling", tool("cspell", "--no-progress", "--no-summary", "--show-suggestions")],
  ["plain words", list(hardWords)],
  ["workflows", list(looseWorkflows)],
  ["defenses", list(unprovenDefenses)],
  ["regular expressions", list(slowExpressions)],
  ["leftovers", list(leftovers)],
];

const width = Math.max(...CHECKS.map(([name]) => name.length));
let failed = 0;
for (const [name, check] of CHECKS) {
  const start = performance.now();
  const problem = check();
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${name.padEnd(width)}  ${problem ? "failed" : "ok    "}  ${seconds} s`);
  if (!problem) {
    continue;
  }
  failed += 1;
  console.log(problem.trimEnd().replace(/^/gm, "    "));
}
if (failed > 0) {
  console.log(`${failed} of ${CHECKS.length} checks failed`);
}
process.exitCode = failed > 0 ? 1 : 0;

/** A command of the installed packages that succeeds if nothing is wrong. */
function tool(command: string, ...args: string[]): Check {
  return () => {
    const bin = path.join(root, "node_modules/.bin");
    const run = spawnSync(path.join(bin, command), args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"] ?? ""}` },
    });
    if (run.error) {
      return `${command} did not start: ${run.error.message}`;
    }
    return run.status === 0
      ? ""
      : `${run.stdout}${run.stderr}` || `${command} exited ${run.status}`;
  };
}

function list(problems: () => string[]): Check {
  return () => problems().join("\n");
}

function generated(): string {
  const before = generatedFiles();
  return (
    GENERATORS.map((script) => tool("node", `tools/generate/${script}.mts`)()).join("") ||
    staleFiles(before, generatedFiles()).join("\n")
  );
}

/** Each example has its own tsconfig.json, as in a user's project. */
function exampleTypes(): [string, Check][] {
  return repositoryFiles("examples/*/tsconfig.json")
    .map((file) => path.posix.dirname(file))
    .map((folder) => [`types of ${folder}`, tool("tsc", "--noEmit", "-p", folder)]);
}
