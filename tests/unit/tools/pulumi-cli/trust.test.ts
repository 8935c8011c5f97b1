import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { distrust } from "../../../../tools/pulumi-cli/trust.mts";
import { createSandbox, type Sandbox } from "./sandbox";

describe("The trust in a folder", () => {
  let sandbox: Sandbox;
  let base: string;
  let file: string;
  beforeEach(() => {
    sandbox = createSandbox();
    base = join(sandbox.folder, "caches", "runpod-stack");
    file = sandbox.write("caches/runpod-stack/pulumi/3.259.0/pulumi", "", 0o755);
  });
  afterEach(() => sandbox.remove());

  test("is given to our files, and to those that do not exist yet", async () => {
    expect(await distrust(file, base)).toBeUndefined();
    expect(await distrust(join(sandbox.home, ".cache", "new"), sandbox.home)).toBeUndefined();
  });

  test("is not given if anybody could create the folder", async () => {
    chmodSync(sandbox.home, 0o777);
    expect(await distrust(join(sandbox.home, ".cache", "new"), join(sandbox.home, ".cache"))).toBe(
      `${sandbox.home} can be written by others. Run: chmod go-w ${sandbox.home}`,
    );
  });

  test("is not given through a symbolic link into a folder that all can write", async () => {
    const open = join(sandbox.folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    symlinkSync(open, join(base, "linked"));
    expect(await distrust(join(base, "linked", "pulumi"), base)).toContain(
      "can be written by others",
    );
  });

  test("is not given through a symbolic link that everybody could make lead elsewhere", async () => {
    const open = join(sandbox.folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    symlinkSync(base, join(open, "linked"));
    expect(await distrust(join(open, "linked", "pulumi"), join(open, "linked"))).toBe(
      `${open} can be written by others. Run: chmod go-w ${open}`,
    );
  });

  test("is given to the user's private group, and to no other", async () => {
    const us = statSync(file);
    chmodSync(file, 0o775);
    const expected = us.gid === us.uid ? undefined : expect.stringContaining("by others");
    expect(await distrust(file, base)).toEqual(expected);
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot("is not given to what another user owns, or another group can write", async () => {
    chownSync(file, 12345, 0);
    expect(await distrust(file, base)).toBe(
      `${file} belongs to another user (uid 12345). Delete it, or change its owner.`,
    );
    chownSync(file, 0, 12345);
    expect(await distrust(file, base)).toBeUndefined();
    chmodSync(file, 0o775);
    expect(await distrust(file, base)).toContain("can be written by others");
  });
});
