import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ResolveOptions, resolvePulumi } from "../../../../tools/pulumi-cli/resolve.mts";
import { createSandbox, fakePulumi, type Sandbox } from "./sandbox";

const repository = join(__dirname, "../../../..");
const tools = join(repository, "node_modules", ".bin");

describe("Resolving the Pulumi CLI", () => {
  let sandbox: Sandbox;
  let calls: string[];
  beforeEach(() => {
    sandbox = createSandbox();
    calls = [];
  });
  afterEach(() => sandbox.remove());

  test("uses a CLI on PATH with its other programs, and pins only Node.js", async () => {
    const command = sandbox.write("bin/pulumi", fakePulumi("3.270.0"), 0o755);
    expect(await resolve({})).toEqual({
      command,
      version: "3.270.0",
      source: "path",
      env: { PATH: `${tools}:${sandbox.env["PATH"]}` },
      passedOver: [],
    });
    expect(calls).toEqual([]);
  });

  test("puts the folder of a CLI in Pulumi's home before an older one on PATH", async () => {
    sandbox.write("bin/pulumi", fakePulumi("3.100.0"), 0o755);
    sandbox.write("home/.pulumi/bin/pulumi", fakePulumi("3.259.0"), 0o755);
    const { source, env, passedOver } = await resolve({});
    expect(source).toBe("home");
    expect(env).toEqual({
      PATH: [tools, join(sandbox.home, ".pulumi/bin"), sandbox.env["PATH"]].join(":"),
    });
    expect(passedOver).toEqual([expect.stringContaining("is 3.100.0")]);
  });

  test("gives a CLI from the cache this repository's language host", async () => {
    await fakeBuild();
    const { source, env } = await resolve({});
    expect(source).toBe("cache");
    expect(env).toEqual({
      PATH: [tools, sandbox.cache, sandbox.env["PATH"]].join(":"),
      RUNPOD_STACK_LANGUAGE_HOST: join(repository, "tools/pulumi-cli/language-host.mts"),
    });
  });

  test("repeats no folder on PATH when it is resolved once more", async () => {
    await fakeBuild();
    const first = await resolve({});
    const second = await resolve({ env: { ...sandbox.env, ...first.env } });
    expect(second.env).toEqual(first.env);
  });

  test("downloads the official release rather than build one", async () => {
    const { source, version, env } = await resolve({ download: fakeDownload });
    expect({ source, version }).toEqual({ source: "download", version: "3.259.0" });
    expect(env).not.toHaveProperty("RUNPOD_STACK_LANGUAGE_HOST");
    expect(calls).toEqual(["download"]);
    expect((await resolve({})).source).toBe("home");
  });

  test("builds one if the download site cannot be reached", async () => {
    expect((await resolve({ build: fakeBuild })).source).toBe("built");
    expect(calls).toEqual(["download", "build"]);
    expect((await resolve({})).source).toBe("cache");
  });

  test("builds one if the downloaded release does not run", async () => {
    const download = async (options: { folder: string }) => {
      calls.push("download");
      install(join(options.folder, "bin"), "#!/bin/sh\nexit 126\n");
    };
    expect((await resolve({ download, build: fakeBuild })).source).toBe("built");
  });

  test("neither downloads nor builds into a folder that others can write", async () => {
    chmodSync(sandbox.home, 0o777);
    const refused = `is not used: ${sandbox.home} can be written by others`;
    await expect(resolve({ download: fakeDownload, build: fakeBuild })).rejects.toThrow(refused);
    expect(calls).toEqual([]);
  });

  test("builds once when two ask at the same time", async () => {
    const both = await Promise.all([resolve({ build: fakeBuild }), resolve({ build: fakeBuild })]);
    expect(both.map(({ source }) => source).sort()).toEqual(["built", "cache"]);
    expect(calls).toEqual(["download", "build"]);
  });

  test("reports in one sentence what was tried and what to install", async () => {
    const old = sandbox.write("bin/pulumi", fakePulumi("3.100.0"), 0o755);
    await expect(resolve({})).rejects.toThrow(
      `No Pulumi CLI of version 3.254.0 or newer is installed, and none could be downloaded or built (${old} is 3.100.0, not 3.x from 3.254.0 on; no route to the site; Go is not installed): install it as https://www.pulumi.com/docs/install/ says, then run this again.`,
    );
  });

  test("tries nothing else once it is aborted", async () => {
    const abort = new AbortController();
    const download = async () => {
      calls.push("download");
      abort.abort();
      throw new Error("ended");
    };
    const resolving = resolve({ download, build: fakeBuild, signal: abort.signal });
    await expect(resolving).rejects.toMatchObject({ name: "AbortError" });
    expect(calls).toEqual(["download"]);
  });

  function resolve(options: ResolveOptions) {
    return resolvePulumi({
      env: sandbox.env,
      download: async () => {
        calls.push("download");
        throw new Error("no route to the site");
      },
      build: async () => {
        calls.push("build");
        throw new Error("Go is not installed");
      },
      ...options,
    });
  }

  async function fakeDownload({ folder }: { folder: string }): Promise<void> {
    calls.push("download");
    install(join(folder, "bin"), fakePulumi("3.259.0"));
  }

  async function fakeBuild(): Promise<void> {
    calls.push("build");
    install(sandbox.cache, fakePulumi("3.259.0"));
  }

  function install(folder: string, text: string): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pulumi"), text, { mode: 0o755 });
  }
});
