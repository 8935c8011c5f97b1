import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Cli, createCli } from "../support/cli";
import { blocksOf } from "../support/page";
import { startRegistry } from "../support/registry";

jest.setTimeout(600_000);

const ROOT = path.join(__dirname, "../..");

/** `npm run test:pnpm` brings pnpm, which is not a package of this repository. */
const MANAGER = process.env["PACKAGE_MANAGER"] ?? "npm";

let scratch: string;
let cli: Cli;
/** The first terminal's folder and variables. */
let cwd: string;
let env: Record<string, string>;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-getting-started-"));
  cwd = path.join(scratch, "empty");
  mkdirSync(cwd);
  const registry = await startRegistry();
  closing.push(() => registry.close());
  // A machine with Node.js and Pulumi, but without this repository.
  const ours = Object.keys(process.env).filter((name) =>
    /^(?:npm_|RUNPOD_|NODE_OPTIONS$)/i.test(name),
  );
  cli = await createCli(Object.fromEntries(ours.map((name) => [name, undefined])));
  closing.push(() => cli.close());
  const elsewhere = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => !folder.startsWith(ROOT));
  env = {
    HOME: scratch,
    PATH: [process.execPath, cli.pulumi].map(path.dirname).concat(elsewhere).join(path.delimiter),
    PULUMI_HOME: path.join(scratch, ".pulumi"),
    npm_config_registry: registry.url,
  };
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
  rmSync(scratch, { recursive: true, force: true });
});

test(`the page leads from an empty folder to a model that answers, with ${MANAGER}`, async () => {
  const page = blocksOf("docs/getting-started.md");
  const onEmulator = page.slice(
    0,
    page.findIndex(({ under }) => under === "On RunPod"),
  );
  const printed = new Map<string, string>();
  for (const { info, code, before } of onEmulator) {
    const [language, terminal = MANAGER] = info.split(" ");
    const file = /^Create `(.+)`:$/.exec(before)?.[1];
    if (file !== undefined) {
      writeFileSync(path.join(cwd, file), code);
    } else if (terminal === "emulator") {
      Object.assign(env, await startInSecondTerminal(code));
    } else if (language === "sh" && terminal === MANAGER) {
      printed.set(code.split(" ").slice(0, 2).join(" "), await enter(code));
    }
  }
  const preview = printed.get("pulumi preview");
  expect(preview).toContain("4 to create");
  expect(preview).toMatch(/Policies:\n.*✅ runpod@/);
  expect(preview).not.toMatch(/\[(?:mandatory|advisory)\]/);
  expect(printed.get("pulumi up")).toContain("4 created");
  const answer = [...printed].find(([command]) => command.startsWith("curl"))?.[1] ?? "{}";
  expect(JSON.parse(answer).choices[0].message.content).toContain("What is a pod?");
  expect(printed.get("pulumi destroy")).toContain("has been removed");
  expect(JSON.stringify(await ledger())).not.toContain('"endedAt":null');
});

/** Enters a block into the first terminal. */
async function enter(code: string): Promise<string> {
  const after = path.join(scratch, "after");
  // The block's changes last for the next one.
  const keeping = `${code}\n{ pwd; env -0; } > '${after}'`;
  const outcome = await cli.run({ program: "bash", args: ["-euc", keeping], cwd, env });
  if (outcome.code !== 0) {
    throw new Error(`${code}\n${outcome.stdout}${outcome.stderr}`);
  }
  const [folder = "", variables = ""] = readFileSync(after, "utf8").split(/\n(.*)/s);
  cwd = folder;
  env = Object.fromEntries(
    variables
      .split("\0")
      .map((line) => line.split(/=(.*)/s))
      .filter(([name]) => name && !["_", "SHLVL", "PWD", "OLDPWD"].includes(name)),
  );
  return outcome.stdout;
}

/** The lines pasted from the second terminal, with a free port. */
async function startInSecondTerminal(code: string): Promise<Record<string, string>> {
  const log = path.join(scratch, "emulator.log");
  const command = `${code.trim()} --port 0 > '${log}' 2>&1`;
  const terminal = spawn("bash", ["-c", command], {
    cwd,
    env,
    detached: true,
    stdio: "ignore",
  });
  const ended = once(terminal, "exit");
  closing.push(async () => {
    // As Ctrl-C does, to every process of the terminal.
    if (terminal.exitCode === null && terminal.pid) {
      process.kill(-terminal.pid, "SIGINT");
    }
    await ended;
  });
  for (;;) {
    const text = existsSync(log) ? readFileSync(log, "utf8") : "";
    if (/^export RUNPOD_LOAD_BALANCER_URL=.*$/m.test(text)) {
      const lines = text.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm);
      return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
    }
    if (terminal.exitCode !== null) {
      throw new Error(`${code}${text}`);
    }
    await setTimeout(50);
  }
}

async function ledger(): Promise<unknown> {
  const answer = await fetch(`${env["RUNPOD_API_BASE_URL"]}/_emulator/ledger`);
  return answer.json();
}
