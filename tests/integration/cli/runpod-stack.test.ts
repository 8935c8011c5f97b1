import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

  test("says in a sentence that it is not compiled yet", async () => {
    const copy = path.join(folder, "bin/runpod-stack.js");
    mkdirSync(path.dirname(copy));
    copyFileSync(BIN, copy);
    copyFileSync(
      path.join(path.dirname(BIN), "../package.json"),
      path.join(folder, "package.json"),
    );
    symlinkSync(path.join(__dirname, "../../../node_modules"), path.join(folder, "node_modules"));
    expect(await node([copy, "--help"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "runpod-stack is not compiled yet: run `npm run build` in its repository.\n",
    });
  });
});
