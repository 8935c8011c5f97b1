import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../../../../tools/pulumi-cli/lock.mts";
import { createSandbox, type Sandbox } from "./sandbox";

describe("The lock", () => {
  let sandbox: Sandbox;
  let file: string;
  let reports: string[];
  const options = { report: (line: string) => reports.push(line) };
  beforeEach(() => {
    sandbox = createSandbox();
    file = join(sandbox.folder, "a", "lock");
    reports = [];
  });
  afterEach(() => sandbox.remove());

  test("names its holder while work is done and is gone afterwards", async () => {
    const holder = await withLock(file, options, async () => readFileSync(file, "utf8"));
    expect(holder).toBe(String(process.pid));
    expect(existsSync(file)).toBe(false);
  });

  test("is released when the work fails", async () => {
    const work = withLock(file, options, () => Promise.reject(new Error("no")));
    await expect(work).rejects.toThrow("no");
    expect(existsSync(file)).toBe(false);
  });

  test("runs one after the other and reports to the second what it waits for", async () => {
    const events: string[] = [];
    let release = () => {};
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const first = withLock(file, options, async () => {
      events.push("first begins");
      await new Promise<void>((resolve) => {
        release = resolve;
        begin();
      });
      events.push("first ends");
    });
    await begun;
    const second = withLock(
      file,
      {
        report: (line) => {
          reports.push(line);
          release();
        },
      },
      async () => {
        events.push("second");
      },
    );
    await Promise.all([first, second]);
    expect(events).toEqual(["first begins", "first ends", "second"]);
    expect(reports).toEqual([`waiting for process ${process.pid}, which holds ${file}`]);
  });

  test("is taken over from a process that has died", async () => {
    const { pid } = spawnSync("true");
    sandbox.write("a/lock", String(pid));
    expect(await withLock(file, options, async () => "done")).toBe("done");
    expect(reports).toEqual([]);
  });

  test("is taken over if its holder has been silent for long", async () => {
    sandbox.write("a/lock", String(process.pid));
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(file, longAgo, longAgo);
    expect(await withLock(file, options, async () => "done")).toBe("done");
  });

  test("is not waited for any longer when the wait is aborted", async () => {
    sandbox.write("a/lock", String(process.pid));
    const abort = new AbortController();
    const waiting = withLock(
      file,
      { report: () => abort.abort(), signal: abort.signal },
      async () => "done",
    );
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(existsSync(file)).toBe(true);
  });
});
