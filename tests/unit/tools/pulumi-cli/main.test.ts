import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createSandbox, fakePulumi, type Sandbox } from "./sandbox";

const repository = join(__dirname, "../../../..");
const main = join(repository, "tools/pulumi-cli/main.mts");

describe("npm run pulumi", () => {
  let sandbox: Sandbox;
  let started: ChildProcess[];
  beforeEach(() => {
    sandbox = createSandbox();
    started = [];
  });
  afterEach(() => {
    for (const child of started) {
      if (child.exitCode === null) {
        child.kill("SIGKILL");
      }
    }
    sandbox.remove();
  });

  test("passes its arguments to the CLI, and returns the CLI's output and exit code", async () => {
    installPulumi('echo "got: $*"; exit 7');
    const { code, stdout, stderr } = await run("preview", "--json", "--", "--quiet");
    expect(stdout).toBe("got: preview --json -- --quiet\n");
    expect(stderr).toBe(`Pulumi 3.259.0, found on PATH: ${join(sandbox.bin, "pulumi")}\n`);
    expect(code).toBe(7);
  });

  test("passes its standard input to the CLI", async () => {
    installPulumi("cat");
    const child = start("--quiet", "config");
    child.stdin?.end("a secret\n");
    expect((await ended(child)).stdout).toBe("a secret\n");
  });

  test("runs the CLI with the Node.js of this repository first on PATH", async () => {
    installPulumi("echo $PATH");
    const { stdout } = await run("--quiet", "whoami");
    expect(stdout.startsWith(`${repository}/node_modules/.bin:`)).toBe(true);
  });

  test("is quiet on request, even about CLIs that it skipped", async () => {
    sandbox.write("home/.pulumi/bin/pulumi", fakePulumi("3.259.0"), 0o755);
    sandbox.write("bin/pulumi", fakePulumi("3.1.0"), 0o755);
    expect((await run("version")).stderr).toMatch(
      /^\S+ is 3\.1\.0, .*\nPulumi 3\.259\.0, found in/,
    );
    expect((await run("--quiet", "version")).stderr).toBe("");
  });

  test("--ensure names the CLI and runs nothing", async () => {
    installPulumi("echo ran");
    const { code, stdout, stderr } = await run("--ensure");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`Pulumi 3.259.0, found on PATH: ${join(sandbox.bin, "pulumi")}\n`);
  });

  test("--ensure --json prints what a program needs to run the CLI", async () => {
    installPulumi("echo ran");
    expect(JSON.parse((await run("--ensure", "--json")).stdout)).toEqual({
      command: join(sandbox.bin, "pulumi"),
      version: "3.259.0",
      source: "path",
      env: { PATH: `${repository}/node_modules/.bin:${sandbox.env["PATH"]}` },
      passedOver: [],
    });
  });

  test("lets the CLI finish after Ctrl-C and sends it no second one", async () => {
    installPulumi(
      "trap 'echo interrupted' INT; echo ready; for i in 1 2 3; do sleep 0.1; done; exit 3",
    );
    const child = start("--quiet", "up");
    await firstOutput(child);
    // As a terminal does: to every process of the group.
    process.kill(-(child.pid ?? 0), "SIGINT");
    const { code, stdout } = await ended(child);
    expect(stdout).toBe("interrupted\n");
    expect(code).toBe(3);
  });

  test("passes SIGTERM on and ends as the CLI ends", async () => {
    installPulumi("echo ready; exec sleep 60");
    const child = start("--quiet", "up");
    await firstOutput(child);
    child.kill("SIGTERM");
    expect(await ended(child)).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  function installPulumi(otherwise: string): void {
    const text = `#!/bin/sh\nif [ "$*" = version ]; then echo v3.259.0; exit; fi\n${otherwise}\n`;
    sandbox.write("bin/pulumi", text, 0o755);
  }

  function run(...args: string[]) {
    const child = start(...args);
    child.stdin?.end();
    return ended(child);
  }

  function start(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, [main, ...args], { env: sandbox.env, detached: true });
    started.push(child);
    return child;
  }
});

function firstOutput(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.stdout?.once("data", () => resolve()));
}

function ended(child: ChildProcess) {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return new Promise<typeof output & { code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ ...output, code, signal }));
  });
}
