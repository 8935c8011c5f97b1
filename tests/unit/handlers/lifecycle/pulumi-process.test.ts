import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readOwnState } from "../../../../provider/src/handlers/lifecycle/pulumi-process";
import { exported, OWNER, ownership } from "../../../support/exported-state";

const SHELL = "/bin/sh";
const started: ChildProcess[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pulumi-process-"));
  writeFileSync(file("state.json"), JSON.stringify(exported([ownership()])));
});
afterEach(() => {
  for (const process of started.splice(0)) {
    process.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => path.join(folder, name);

/** A command instead of the CLI, which records its arguments. */
function fakeCli(answer = `cat '${file("state.json")}'`): string {
  const script = `#!${SHELL}\necho "$@" >'${file("asked")}'\n${answer}\n`;
  writeFileSync(file("fake"), script, { mode: 0o755 });
  return file("fake");
}

const asked = () => readFileSync(file("asked"), "utf8").trim();

/** A process that is called `pulumi`, with these arguments, and a child of its. */
async function startRun(...args: string[]): Promise<number> {
  // A shell under another name: the file that a process runs counts.
  copyFileSync(SHELL, file("pulumi"));
  const script = `${SHELL} -c 'echo $$; read forever; :'; :`;
  const run = spawn(file("pulumi"), ["-c", script, "pulumi", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(run);
  const [pid] = await once(run.stdout, "data");
  return Number(pid);
}

const env = (command: string) => ({ PATH: process.env["PATH"], RUNPOD_STACK_PULUMI: command });

test("the state is the given command's export of the selected stack", async () => {
  const state = await readOwnState(env(fakeCli()), { parent: process.pid });
  expect(state?.shares).toMatchObject([{ known: [{ kind: "Ownership", id: OWNER }] }]);
  expect(asked()).toBe("stack export --non-interactive --color never");
});

test.each([
  ["--stack", "org/app/dev"],
  ["--stack=org/app/dev"],
  ["-s", "org/app/dev"],
  ["-s=org/app/dev"],
  ["-sorg/app/dev"],
  ["-fys", "org/app/dev"],
  ["-m", "fix the -s flag", "-s", "org/app/dev"],
  ["-s", "other", "--stack", "org/app/dev"],
])("it is the stack of the run that this process serves: %s %s", async (...args) => {
  const parent = await startRun("up", "--yes", ...args.filter(Boolean), "--skip-preview");
  expect(await readOwnState(env(fakeCli()), { parent })).toBeDefined();
  expect(asked()).toBe("stack export --stack org/app/dev --non-interactive --color never");
});

test("a run without the option uses the selected stack", async () => {
  const parent = await startRun("up", "--suppress-outputs", "--show-sames");
  expect(await readOwnState(env(fakeCli()), { parent })).toBeDefined();
  expect(asked()).toBe("stack export --non-interactive --color never");
});

test("the CLI is the running one, whatever its path", async () => {
  const parent = await startRun("up");
  // The shell in its place reads its first argument as a script.
  writeFileSync(file("stack"), `echo "$@" >'${file("asked")}'; cat '${file("state.json")}'`);
  const here = process.cwd();
  process.chdir(folder);
  const state = await readOwnState({ PATH: "/usr/bin:/bin" }, { parent }).finally(() =>
    process.chdir(here),
  );
  expect(state).toBeDefined();
  expect(asked()).toBe("export --non-interactive --color never");
});

test.each([
  ["fails", "exit 255"],
  ["prints something other than JSON", "echo 'warning: a new version'"],
  ["prints nothing", ":"],
])("there is none if the command %s", async (_, answer) => {
  const given = env(fakeCli(answer));
  expect(await readOwnState(given, { parent: process.pid })).toBeUndefined();
});

test("it is read again if the engine is just writing it", async () => {
  const busy = `[ $(wc -l <'${file("tries")}') -ge 3 ] || { echo 'unexpected end of JSON input' >&2; exit 255; }`;
  const given = env(
    fakeCli(`echo again >>'${file("tries")}'\n${busy}\ncat '${file("state.json")}'`),
  );
  expect(await readOwnState(given, { parent: process.pid })).toBeDefined();
  expect(readFileSync(file("tries"), "utf8")).toBe("again\n".repeat(3));
});

test("there is none if the command does not exist, or does not end", async () => {
  expect(await readOwnState(env("/nowhere/pulumi"), { parent: process.pid })).toBeUndefined();
  const endless = env(fakeCli("exec sleep 60"));
  const outcome = await readOwnState(endless, { parent: process.pid, patienceMs: 200 });
  expect(outcome).toBeUndefined();
  expect(asked()).toContain("stack export");
});
