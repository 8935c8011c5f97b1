import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BIN, node } from "./run";

const LOG =
  "RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 803: system has unsup\n";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-stack-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the runpod-stack command, compiled and run as a process", () => {
  test("diagnoses standard input", async () => {
    const { status, stdout, stderr } = await node([BIN, "diagnose", "--json"], { input: LOG });
    expect([status, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ cause: "cuda-803-driver-library-conflict" });
  });

  test("diagnoses a file, without colours in a pipe", async () => {
    const file = path.join(folder, "container.log");
    writeFileSync(file, LOG);
    const { status, stdout } = await node([BIN, "diagnose", file]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^cuda-803-driver-library-conflict \(certain\)\n/);
  });

  test("ends with status 2 and one sentence if the input cannot be used", async () => {
    const { status, stdout, stderr } = await node([BIN, "diagnose", path.join(folder, "none.log")]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Cannot read the log .*none\.log: ENOENT.*\n$/);
  });

  test("prints its package's version", async () => {
    const { version } = jest.requireActual<{ version: string }>("../../../provider/package.json");
    expect(await node([BIN, "--version"])).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  test("says in a sentence that an older Node.js is too old", async () => {
    const older = path.join(folder, "older.cjs");
    writeFileSync(
      older,
      `Object.defineProperty(process, "version", { value: "v22.18.0" });
       Object.defineProperty(process, "versions", { value: { node: "22.18.0" } });`,
    );
    expect(await node(["--require", older, BIN, "--help"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "runpod-stack needs Node.js 22.19 or newer; this is v22.18.0.\n",
    });
  });

  test("says in a sentence that it is not compiled yet", async () => {
    const copy = path.join(folder, "bin/runpod-stack.js");
    mkdirSync(path.dirname(copy));
    copyFileSync(BIN, copy);
    expect(await node([copy, "--help"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "runpod-stack is not compiled yet: run `npm run build` in its repository.\n",
    });
  });
});
