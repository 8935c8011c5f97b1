import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Terminal } from "@runpod-stack/kit/command";
import { main } from "../../../provider/src/cli/main";

const DISK_FULL = "OSError: [Errno 28] No space left on device: '/root/.cache/huggingface/x'";
const ESCAPE = "\u001b[";

interface Options {
  readonly input?: string;
  /** The log would have to be typed. */
  readonly typed?: boolean;
  /** A person reads the answer. */
  readonly shown?: boolean;
  readonly env?: Record<string, string>;
}

async function run(
  args: readonly string[],
  { input = "", typed = false, shown = false, env = {} }: Options,
) {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const terminal: Terminal = {
    stdin: Object.assign(Readable.from([input]), { isTTY: typed }),
    stdout: Object.assign(streams.stdout, { isTTY: shown }),
    stderr: streams.stderr,
    env: { COLUMNS: "1000", ...env },
  };
  const status = await main(args, terminal);
  streams.stdout.end();
  streams.stderr.end();
  return { status, stdout: await text(streams.stdout), stderr: await text(streams.stderr) };
}

describe("runpod-stack diagnose", () => {
  test("tells the cause, how sure it is, the lines that show it and what to do", async () => {
    const { status, stdout } = await run(["diagnose"], { input: `starting\n${DISK_FULL}\n` });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^disk-full-download \(certain\)\n\n {2}OSError: .*\n\nWhat to do: The mo/,
    );
  });

  test("prints the diagnosis as JSON for programs", async () => {
    const { status, stdout } = await run(["diagnose", "--json"], { input: DISK_FULL });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      cause: "disk-full-download",
      confidence: "certain",
      evidence: [DISK_FULL],
      remedy: expect.any(String),
    });
  });

  test("ends well with a healthy log", async () => {
    const input = "loading\nINFO:     Application startup complete.\n";
    const { status, stdout } = await run(["diagnose"], { input });
    expect([status, stdout]).toEqual([0, "Nothing wrong in this log, as far as it goes.\n"]);
    const json = await run(["diagnose", "--json"], { input });
    expect(JSON.parse(json.stdout)).toEqual({
      cause: null,
      confidence: null,
      evidence: [],
      remedy: null,
    });
  });

  test("shows the last lines of a log that it cannot explain", async () => {
    const { status, stdout } = await run(["diagnose"], { input: "one\r\ntwo\r\n" });
    expect([status, stdout]).toEqual([
      0,
      "No known cause in this log. Its last lines:\n\n  one\n  two\n",
    ]);
  });

  test("reads the stream of RunPod's log route, cut off in the middle of a frame", async () => {
    const line = 'exec: "-l": executable file not found in $PATH';
    const frame = JSON.stringify({ ts: "2026-11-02T10:00:00Z", source: "system", line });
    const input = `id: 2026-11-02T10:00:00Z/01\ndata: ${frame}\n\nid: 2\ndata: {"ts":"20`;
    const { stdout } = await run(["diagnose", "--json"], { input });
    expect(JSON.parse(stdout)).toMatchObject({ cause: "entrypoint-not-found", evidence: [line] });
  });

  test.each([
    ["UTF-16 as PowerShell writes it", "utf-16le", [0xff, 0xfe]],
    ["UTF-16 without a byte order mark", "utf-16le", []],
    ["UTF-16 with the high byte first", "utf-16be", [0xfe, 0xff]],
    ["UTF-16 with the high byte first, without a mark", "utf-16be", []],
    ["UTF-8 with a byte order mark", "utf-8", [0xef, 0xbb, 0xbf]],
  ])("reads %s", async (_, encoding, mark) => {
    const text = Buffer.from(
      `starting\r\n${DISK_FULL}\r\n`,
      encoding === "utf-8" ? "utf8" : "utf16le",
    );
    const bytes = encoding === "utf-16be" ? text.swap16() : text;
    const folder = mkdtempSync(path.join(tmpdir(), "runpod-diagnose-"));
    const file = path.join(folder, "container.log");
    writeFileSync(file, Buffer.concat([Buffer.from(mark), bytes]));
    const { stdout } = await run(["diagnose", "--json", file], {});
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout)).toMatchObject({
      cause: "disk-full-download",
      evidence: [DISK_FULL],
    });
  });

  test("uses colours at a terminal, and only there", async () => {
    const input = DISK_FULL;
    expect((await run(["diagnose"], { input })).stdout).not.toContain(ESCAPE);
    expect((await run(["diagnose"], { input, shown: true })).stdout).toContain(ESCAPE);
    const plain = { input, shown: true, env: { NO_COLOR: "1" } };
    expect((await run(["diagnose"], plain)).stdout).not.toContain(ESCAPE);
  });

  test("asks for a log instead of waiting at a terminal", async () => {
    const { status, stderr } = await run(["diagnose"], { typed: true });
    expect([status, stderr]).toEqual([
      2,
      "There is no log to read. Name a file, or pipe one in: `docker logs my-server 2>&1 | runpod-stack diagnose`\n",
    ]);
  });

  test.each([
    [
      "a file that does not exist",
      ["diagnose", "/nowhere/x.log"],
      "/nowhere/x.log does not exist.",
    ],
    ["a folder", ["diagnose", "/tmp"], "/tmp is a folder. Name a file."],
    ["an unknown option", ["diagnose", "--yaml"], "error: unknown option '--yaml'"],
    ["two files", ["diagnose", "a", "b"], "error: too many arguments"],
    ["an unknown command", ["diagnoze"], "(Did you mean diagnose?)"],
    ["no command", [], "Usage: runpod-stack"],
  ])("refuses %s in a sentence", async (_, args, message) => {
    const { status, stdout, stderr } = await run(args, {});
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  test("refuses a link out of a repository, whose last lines it would show", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "runpod-diagnose-"));
    mkdirSync(path.join(folder, "repository/.git"), { recursive: true });
    writeFileSync(path.join(folder, "netrc"), "machine github.com password ghp_SECRET\n");
    const link = path.join(folder, "repository/container.log");
    symlinkSync("../netrc", link);
    const { status, stdout, stderr } = await run(["diagnose", link], {});
    rmSync(folder, { recursive: true });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/container\.log is a symbolic link that leads out of .*\n$/);
  });

  test("its help teaches by examples and tells the exit statuses", async () => {
    const { status, stdout } = await run(["diagnose", "--help"], {});
    expect(status).toBe(0);
    for (const part of ["Examples:", "--json container.log", "Exit status:", "certain"]) {
      expect(stdout).toContain(part);
    }
  });

  test("a reader that closes the pipe early is no failure", async () => {
    const stdout = new PassThrough();
    const terminal = { stdin: Readable.from([""]), stdout, stderr: new PassThrough(), env: {} };
    await main(["--version"], terminal);
    const closed = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    expect(() => stdout.emit("error", closed)).not.toThrow();
    expect(() => stdout.emit("error", new Error("disk on fire"))).toThrow("disk on fire");
  });
});
