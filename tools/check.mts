// Runs every static check and prints a table: what CI requires in addition to the tests.
// usage: node tools/check.mts
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { unlinkableCommands } from "./checks/executables.mts";
import { repositoryFiles, root } from "./checks/files.mts";
import { generatedFiles, staleFiles } from "./checks/generated.mts";
import { leftovers } from "./checks/leftovers.mts";
import { deadLinks } from "./checks/links.mts";
import { unlockedPackages } from "./checks/lock-file.mts";
import { unprovenDefenses } from "./checks/security.mts";
import { hardWords } from "./checks/voice.mts";
import { looseWorkflows } from "./checks/workflows.mts";

/** Returns what is wrong, or an empty string. */
type Check = () => string | Promise<string>;

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

type NamedCheck = readonly [name: string, check: Check];

/** One after the other: generating uses the build, and the other checks use both. */
const FIRST: readonly NamedCheck[] = [
  ["build", tool("tsc", "-b")],
  ["generated files", generated],
];

/** Side by side, the longest first. */
const OTHERS: readonly NamedCheck[] = [
  ["regular expressions", tool("node", "tools/checks/expressions.mts")],
  ["types of tests", tool("tsc", "-p", "tests")],
  ["spelling", tool("cspell", "--no-progress", "--no-summary", "--show-suggestions")],
  ["format and lint", tool("biome", "check", "--error-on-warnings", ".")],
  ["types of tools and benches", tool("tsc", "-p", "tools")],
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
  ["plain words", list(hardWords)],
  ["workflows", list(looseWorkflows)],
  ["defenses", list(unprovenDefenses)],
  ["leftovers", list(leftovers)],
];

const width = Math.max(...[...FIRST, ...OTHERS].map(([name]) => name.length));
let failed = 0;
for (const check of FIRST) {
  await report(check);
}
const left = [...OTHERS];
const lane = async () => {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    await report(next);
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, lane));
if (failed > 0) {
  console.log(`${failed} of ${FIRST.length + OTHERS.length} checks failed`);
}
process.exitCode = failed > 0 ? 1 : 0;

async function report([name, check]: NamedCheck): Promise<void> {
  const start = performance.now();
  const problem = await check();
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${name.padEnd(width)}  ${problem ? "failed" : "ok    "}  ${seconds} s`);
  if (problem) {
    console.log(problem.trimEnd().replace(/^/gm, "    "));
    failed += 1;
  }
}

/** A command of the installed packages that succeeds if nothing is wrong. */
function tool(command: string, ...args: string[]): Check {
  const bin = path.join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"] ?? ""}` };
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
  return () =>
    new Promise((resolve) => {
      execFile(path.join(bin, command), args, options, (error, stdout, stderr) => {
        resolve(error === null ? "" : `${stdout}${stderr}` || error.message);
      });
    });
}

function list(problems: () => string[]): Check {
  return () => problems().join("\n");
}

async function generated(): Promise<string> {
  const before = generatedFiles();
  let problems = "";
  for (const script of GENERATORS) {
    problems += await tool("node", `tools/generate/${script}.mts`)();
  }
  return problems || staleFiles(before, generatedFiles()).join("\n");
}

/** Each example has its own tsconfig.json, as in a user's project. */
function exampleTypes(): NamedCheck[] {
  return repositoryFiles("examples/*/tsconfig.json")
    .map((file) => path.posix.dirname(file))
    .map((folder) => [`types of ${folder}`, tool("tsc", "--noEmit", "-p", folder)] as const);
}
