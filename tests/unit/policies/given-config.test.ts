import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { givenConfigProblems } from "../../../policies/src/given-config";

let folder: string;
let pack: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "runpod-policies-")));
  pack = path.join(folder, "pack");
  for (const name of ["pack", "other", "elsewhere"]) {
    mkdirSync(path.join(folder, name));
  }
  writeFileSync(path.join(folder, "wrong.json"), JSON.stringify({ nope: "mandatory" }));
  writeFileSync(path.join(folder, "elsewhere", "wrong.json"), JSON.stringify({ none: "disabled" }));
  writeFileSync(path.join(folder, "right.json"), JSON.stringify({ all: "mandatory" }));
  writeFileSync(path.join(folder, "broken.json"), "{");
});
afterAll(() => {
  for (const child of running) {
    child.stdin?.end();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a shell with the arguments of the Pulumi CLI, and returns its id or that of its child. */
async function started(args: string[], script = "echo $$; read _", name = "sh"): Promise<number> {
  const child = spawn("sh", ["-c", script, name, ...args], { cwd: folder });
  running.push(child);
  const [line] = await once(child.stdout, "data");
  return Number(line);
}

const PACK = ["--policy-pack", "pack"];
const CONFIG = ["--policy-pack-config", "wrong.json"];
const NOPE = [expect.stringMatching(/^nope: there is no such rule\./)];
const NONE = [expect.stringMatching(/^none: there is no such rule\./)];

test.each<[title: string, args: string[], problems: unknown[]]>([
  ["a pack and its configuration", ["preview", ...PACK, ...CONFIG], NOPE],
  ["names and values in one", ["--policy-pack=pack", "--policy-pack-config=wrong.json"], NOPE],
  ["a configuration without faults", [...PACK, "--policy-pack-config", "right.json"], []],
  ["a configuration that is not JSON", [...PACK, "--policy-pack-config", "broken.json"], []],
  ["a configuration that is not there", [...PACK, "--policy-pack-config", "none.json"], []],
  ["no configuration", PACK, []],
  ["another pack", ["--policy-pack", "other", ...CONFIG], []],
  [
    "the second of two packs",
    ["--policy-pack", "other", ...PACK, "--policy-pack-config", "right.json", ...CONFIG],
    NOPE,
  ],
  ["two packs, and one configuration", ["--policy-pack", "other", ...PACK, ...CONFIG], []],
  ["a working directory", ["--cwd", "elsewhere", "--policy-pack", "../pack", ...CONFIG], NONE],
  ["its short form", ["-C", "elsewhere", "--policy-pack", "../pack", ...CONFIG], NONE],
  ["a name that only begins like it", [...PACK, "--policy-pack-configs", "wrong.json"], []],
  ["a name without a value", [...PACK, "--policy-pack-config"], []],
])("the problems are those of the given configuration: %s", async (_, args, problems) => {
  expect(givenConfigProblems(pack, await started(args))).toEqual(problems);
});

test("up to eight processes are searched, whatever they are called", async () => {
  const nested = (levels: number) =>
    Array.from({ length: levels }).reduce<string>(
      (script) => `sh -c '${script.replaceAll("'", "'\\''")}' 'a) S 1'; true`,
      "echo $$; read _",
    );
  const problems = async (levels: number) =>
    givenConfigProblems(pack, await started([...PACK, ...CONFIG], nested(levels)));
  expect(await problems(1)).toEqual(NOPE);
  expect(await problems(7)).toEqual(NOPE);
  expect(await problems(8)).toEqual([]);
});

test("there are none where no process has a configuration", () => {
  expect(givenConfigProblems(pack, 1)).toEqual([]);
  expect(givenConfigProblems(pack)).toEqual([]);
  expect(givenConfigProblems(path.join(pack, "none"))).toEqual([]);
});
