import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

// Each run starts Node.
jest.setTimeout(60_000);

const ROOT = path.join(__dirname, "../..");
const TOOLS = {
  "runpod-stack": "provider/bin/runpod-stack.js",
  "runpod-policies": "policies/bin/runpod-policies.js",
  "runpod-emulator": "emulator/bin/runpod-emulator.js",
} as const;
type Tool = keyof typeof TOOLS;
const tools = Object.keys(TOOLS) as Tool[];

let folder: string;
const started = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-commands-"));
  mkdirSync(path.join(folder, "pods"));
  writeFileSync(
    path.join(folder, "older.cjs"),
    `Object.defineProperty(process, "version", { value: "v20.20.2" });
     Object.defineProperty(process, "versions", { value: { node: "20.20.2" } });`,
  );
});
afterEach(() => {
  for (const child of started) {
    child.kill("SIGKILL");
  }
  started.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a command in a pipe. @param node arguments for Node */
function start(tool: Tool, args: readonly string[], ...node: readonly string[]) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:RUNPOD|PULUMI)_|^(?:COLUMNS|NO_COLOR|FORCE_COLOR)$/.test(name),
  );
  const child = spawn(process.execPath, [...node, path.join(ROOT, TOOLS[tool]), ...args], {
    cwd: folder,
    env: Object.fromEntries(inherited),
  });
  started.add(child);
  return child;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...command: Parameters<typeof start>): Promise<Ended> {
  const child = start(...command);
  child.stdin.end();
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) {
    await once(child, "exit");
  }
  return { status: child.exitCode, stdout, stderr };
}

/** The result goes to standard output, and notes go to standard error. */
function expectEnd({ status, stdout, stderr }: Ended, wanted: number): string {
  const [shown, other] = wanted === 0 ? [stdout, stderr] : [stderr, stdout];
  expect([status, other]).toEqual([wanted, ""]);
  expect(shown.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(shown).toMatch(/\n$/);
  expect(shown).not.toMatch(/\bE(?:NOENT|ISDIR|NOTDIR|ACCES)\b|\n\s+at /);
  return shown;
}

describe.each(tools)("%s", (tool) => {
  const ends = async (status: number, args: readonly string[], ...node: readonly string[]) =>
    expectEnd(await run(tool, args, ...node), status);

  test("--help has examples, and names every exit status", async () => {
    const help = await ends(0, ["--help"]);
    expect(help).toMatch(new RegExp(`^Usage: ${tool} \\[options\\]`));
    expect(help).toMatch(new RegExp(`^Examples:\n(?: {2}# .*\n)? {2}\\$ ${tool}`, "m"));
    expect(help).toMatch(
      /^Exit status:\n {2}0 {2}.*\n(?: {5}.*\n)* {2}1 {2}.*\n(?: {5}.*\n)* {2}2 /m,
    );
  });

  test("--version prints its package's version", async () => {
    const manifest = path.join(ROOT, TOOLS[tool], "../../package.json");
    expect(await ends(0, ["--version"])).toBe(`${jest.requireActual(manifest).version}\n`);
  });

  test.each([
    [
      "an unknown option",
      ["--versoin"],
      /^error: unknown option '--versoin' \(Did you mean --version\?\)\n/,
    ],
    ["an unknown command", ["nope"], /^error: (?:unknown command 'nope'|too many arguments)/],
  ])("%s ends with 2", async (_, args, message) => {
    const shown = await ends(2, args);
    expect(shown).toMatch(message);
    expect(shown).toContain("(--help shows how to use it)");
  });

  test("an older Node.js ends with 2", async () => {
    expect(await ends(2, ["--help"], "--require", "./older.cjs")).toBe(
      `${tool} needs Node.js 22.19 or newer; this is v20.20.2.\n`,
    );
  });
});

test.each(["runpod-stack", "runpod-policies"] as const)(
  "%s without arguments shows its help and ends with 2",
  async (tool) => {
    expect(expectEnd(await run(tool, []), 2)).toMatch(/^Usage: [\s\S]*Exit status:/);
  },
);

test.each([
  ["runpod-stack", ["diagnose", "nope.json"], "nope.json does not exist.\n"],
  ["runpod-stack", ["diagnose", "pods"], "pods is a folder. Name a file.\n"],
  ["runpod-policies", ["check", "nope.json"], "nope.json does not exist.\n"],
  ["runpod-policies", ["check", "pods"], "pods is a folder. Name a file.\n"],
  ["runpod-policies", ["check"], "error: missing required argument 'FILE'\n"],
  ["runpod-emulator", ["--state", "nope/x.json"], "nope does not exist.\n"],
  ["runpod-emulator", ["--state", "pods"], "Name another file.\n"],
] as const)("%s %j ends with 2: %s", async (tool, args, message) => {
  expect(expectEnd(await run(tool, args), 2)).toContain(message);
});

/** Refused: the weights do not fit on its disk. */
const POD = JSON.stringify({
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["--model", "Qwen/Qwen3.8-27B"],
  gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
  containerDiskInGb: 20,
});

describe("a reader that closes the pipe early is not a failure", () => {
  test.each([
    ["runpod-stack", ["diagnose"], "a line\n", 0],
    ["runpod-policies", ["check", "-"], POD, 1],
  ] as const)("of %s %j", async (tool, args, input, status) => {
    const child = start(tool, args);
    child.stdout.destroy();
    await once(child.stdout, "close");
    child.stdin.end(input);
    const stderr = await text(child.stderr);
    if (child.exitCode === null) {
      await once(child, "exit");
    }
    expect([stderr, child.exitCode]).toEqual(["", status]);
  });

  test("of runpod-emulator, which then ends", async () => {
    const child = start("runpod-emulator", ["--port", "0"]);
    const [first] = await once(child.stdout, "data");
    child.stdout.destroy();
    await once(child.stdout, "close");
    const [, url] = /RUNPOD_API_BASE_URL=(.*)/.exec(String(first)) ?? [];
    await fetch(`${url}/v2/pods`);
    const stderr = await text(child.stderr);
    if (child.exitCode === null) {
      await once(child, "exit");
    }
    expect([stderr, child.exitCode]).toEqual(["", 0]);
  });
});
