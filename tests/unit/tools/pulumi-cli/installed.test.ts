import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { findPulumi } from "../../../../tools/pulumi-cli/installed.mts";
import { createSandbox, fakePulumi, type Sandbox } from "./sandbox";

describe("The search for an installed Pulumi CLI", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = createSandbox();
  });
  afterEach(() => sandbox.remove());

  test("finds nothing on an empty machine", async () => {
    expect(await findPulumi(sandbox.env)).toEqual({ pulumi: undefined, passedOver: [] });
  });

  test("prefers PATH to Pulumi's own folder, and that to the cache", async () => {
    const inCache = sandbox.write(join("home", cacheOf()), fakePulumi("3.259.0"), 0o755);
    expect((await findPulumi(sandbox.env)).pulumi).toEqual({
      command: inCache,
      version: "3.259.0",
      source: "cache",
    });
    const inHome = sandbox.write("home/.pulumi/bin/pulumi", fakePulumi("3.255.0"), 0o755);
    expect((await findPulumi(sandbox.env)).pulumi).toEqual({
      command: inHome,
      version: "3.255.0",
      source: "home",
    });
    const onPath = sandbox.write("bin/pulumi", fakePulumi("3.254.0"), 0o755);
    expect((await findPulumi(sandbox.env)).pulumi).toEqual({
      command: onPath,
      version: "3.254.0",
      source: "path",
    });
  });

  test("takes the newest of the versions in Pulumi's own folder", async () => {
    for (const version of ["3.99.0", "3.260.1", "3.254.0"]) {
      const file = `home/.pulumi/versions/${version}/bin/pulumi`;
      sandbox.write(file, fakePulumi(version), 0o755);
    }
    expect((await findPulumi(sandbox.env)).pulumi).toMatchObject({
      version: "3.260.1",
      source: "home",
    });
  });

  test("searches PULUMI_HOME and XDG_CACHE_HOME if they are set", async () => {
    sandbox.write("caches/runpod-stack/pulumi/3.259.0/pulumi", fakePulumi("3.259.0"), 0o755);
    const env = { ...sandbox.env, XDG_CACHE_HOME: join(sandbox.folder, "caches") };
    expect((await findPulumi(env)).pulumi?.source).toBe("cache");
    sandbox.write("elsewhere/bin/pulumi", fakePulumi("3.259.0"), 0o755);
    const withHome = { ...env, PULUMI_HOME: join(sandbox.folder, "elsewhere") };
    expect((await findPulumi(withHome)).pulumi?.source).toBe("home");
  });

  test("skips one that is too old and reports it", async () => {
    const old = sandbox.write("bin/pulumi", fakePulumi("3.253.0"), 0o755);
    sandbox.write("home/.pulumi/bin/pulumi", fakePulumi("3.259.0"), 0o755);
    const { pulumi, passedOver } = await findPulumi(sandbox.env);
    expect(pulumi?.source).toBe("home");
    expect(passedOver).toEqual([`${old} is 3.253.0, not 3.x from 3.254.0 on`]);
  });

  test("skips one that does not run and quotes its output", async () => {
    const broken = sandbox.write("bin/pulumi", "#!/bin/sh\necho no luck >&2\nexit 3\n", 0o755);
    const { pulumi, passedOver } = await findPulumi(sandbox.env);
    expect(pulumi).toBeUndefined();
    expect(passedOver).toEqual([
      `${broken} does not run: "${broken} version" ended with exit code 3: no luck`,
    ]);
  });

  test("skips one that prints no version", async () => {
    sandbox.write("bin/pulumi", "#!/bin/sh\necho hello\n", 0o755);
    expect((await findPulumi(sandbox.env)).passedOver).toEqual([
      expect.stringContaining('version" printed "hello\\n"'),
    ]);
  });

  test("skips a folder and a file without its run bit", async () => {
    sandbox.write("bin/pulumi/README", "a folder of this name");
    sandbox.write("home/.pulumi/bin/pulumi", fakePulumi("3.259.0"), 0o644);
    expect(await findPulumi(sandbox.env)).toEqual({ pulumi: undefined, passedOver: [] });
  });

  test.each(["", ".", "./bin", "bin"])("skips the folder %j of PATH", async (relative) => {
    sandbox.write("bin/pulumi", fakePulumi("3.259.0"), 0o755);
    const before = process.cwd();
    process.chdir(relative === "." || relative === "" ? sandbox.bin : sandbox.folder);
    try {
      const env = { ...sandbox.env, PATH: `${relative}:/nowhere` };
      expect(await findPulumi(env)).toEqual({ pulumi: undefined, passedOver: [] });
    } finally {
      process.chdir(before);
    }
  });

  test.each([
    [cacheOf(), ".cache/runpod-stack/pulumi/3.259.0"],
    [cacheOf(), ".cache/runpod-stack"],
    [cacheOf(), ".cache"],
    [cacheOf(), cacheOf()],
    [".pulumi/bin/pulumi", ".pulumi/bin"],
    [".pulumi/versions/3.259.0/bin/pulumi", ".pulumi/versions"],
  ])("runs no %s if others can write to %s", async (file, open) => {
    const command = sandbox.write(
      join("home", file),
      `#!/bin/sh\ntouch ${sandbox.folder}/ran\n`,
      0o755,
    );
    chmodSync(join(sandbox.home, open), 0o777);
    expect(await findPulumi(sandbox.env)).toEqual({
      pulumi: undefined,
      passedOver: [
        `${command} is not run: ${join(sandbox.home, open)} can be written by others. Run: chmod go-w ${join(sandbox.home, open)}`,
      ],
    });
    expect(existsSync(join(sandbox.folder, "ran"))).toBe(false);
  });

  test("runs one in a sticky folder that all can write to, such as /tmp", async () => {
    sandbox.write(join("home", cacheOf()), fakePulumi("3.259.0"), 0o755);
    chmodSync(sandbox.home, 0o1777);
    expect((await findPulumi(sandbox.env)).pulumi?.source).toBe("cache");
  });

  test("recognizes a CLI in the cache, even if its folder is on PATH", async () => {
    sandbox.write(join("home", cacheOf()), fakePulumi("3.259.0"), 0o755);
    const env = { ...sandbox.env, PATH: `${sandbox.cache}:${sandbox.env["PATH"]}` };
    expect((await findPulumi(env)).pulumi?.source).toBe("cache");
  });
});

function cacheOf(): string {
  return ".cache/runpod-stack/pulumi/3.259.0/pulumi";
}
