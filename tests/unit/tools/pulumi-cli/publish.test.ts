import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishFolder } from "../../../../tools/pulumi-cli/publish.mts";
import { createSandbox, type Sandbox } from "./sandbox";

describe("Publishing a folder", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(() => {
    sandbox = createSandbox();
    folder = join(sandbox.folder, "versions", "1.0.0");
  });
  afterEach(() => sandbox.remove());

  test("shows nothing until it is complete", async () => {
    await publishFolder(folder, async (unfinished) => {
      writeFileSync(join(unfinished, "file"), "text");
      expect(existsSync(folder)).toBe(false);
    });
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("text");
    expect(readdirSync(join(sandbox.folder, "versions"))).toEqual(["1.0.0"]);
  });

  test("leaves nothing behind when it fails", async () => {
    const failing = publishFolder(folder, async (unfinished) => {
      writeFileSync(join(unfinished, "file"), "half");
      throw new Error("no space");
    });
    await expect(failing).rejects.toThrow("no space");
    expect(readdirSync(join(sandbox.folder, "versions"))).toEqual([]);
  });

  test("replaces the whole previous folder", async () => {
    sandbox.write("versions/1.0.0/old", "broken");
    await publishFolder(folder, async (unfinished) => writeFileSync(join(unfinished, "new"), ""));
    expect(readdirSync(folder)).toEqual(["new"]);
  });

  test("deletes what a dead process left, and keeps a running one's", async () => {
    const { pid } = spawnSync("true");
    sandbox.write(`versions/1.0.0.unfinished-${pid}/file`, "abandoned");
    sandbox.write(`versions/1.0.0.unfinished-${process.ppid}/file`, "at work");
    await publishFolder(folder, async () => {});
    expect(readdirSync(join(sandbox.folder, "versions")).sort()).toEqual([
      "1.0.0",
      `1.0.0.unfinished-${process.ppid}`,
    ]);
  });
});
