import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPulumi } from "../../../../tools/pulumi-cli/build.mts";
import { createSandbox, type Sandbox } from "./sandbox";

describe("Building the CLI with Go", () => {
  let sandbox: Sandbox;
  let reports: string[];
  beforeEach(() => {
    sandbox = createSandbox();
    reports = [];
  });
  afterEach(() => sandbox.remove());

  test("puts the CLI, its language host and the dynamic provider into one folder", async () => {
    installGo('while [ "$1" != "-o" ]; do shift; done; echo built > "$2"; chmod +x "$2"');
    await build();
    const names = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
    expect(readdirSync(sandbox.cache).sort()).toEqual(names);
    for (const name of names) {
      accessSync(join(sandbox.cache, name), constants.X_OK);
    }
    expect(reports).toEqual([expect.stringMatching(/^building Pulumi 3\.259\.0 .* three minutes/)]);
  });

  test("names no clone of the repository in what all clones share", async () => {
    installGo('while [ "$1" != "-o" ]; do shift; done; echo built > "$2"');
    await build();
    for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      const text = readFileSync(join(sandbox.cache, name), "utf8");
      expect(text).not.toContain(process.cwd());
    }
  });

  test("pins the version, verifies the modules and ignores a workspace around it", async () => {
    const log = join(sandbox.folder, "log");
    installGo(`echo "$GOWORK $CGO_ENABLED $*" > ${log}`);
    await build();
    const line = readFileSync(log, "utf8");
    expect(line).toMatch(/^off 0 build -v -mod=readonly -trimpath /);
    expect(line).toContain("common/version.Version=3.259.0");
  });

  test("leaves nothing behind and quotes the compiler when the build fails", async () => {
    installGo("echo 'go: no route to the module proxy' >&2; exit 1");
    await expect(build()).rejects.toThrow("go: no route to the module proxy");
    expect(existsSync(sandbox.cache)).toBe(false);
    expect(readdirSync(join(sandbox.cache, ".."))).toEqual([]);
  });

  test("reports that Go is not installed", async () => {
    await expect(build({ ...sandbox.env, PATH: sandbox.bin })).rejects.toThrow(
      "Go is not installed",
    );
    expect(existsSync(join(sandbox.cache, ".."))).toBe(false);
  });

  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    installGo("exec sleep 60");
    const building = buildPulumi({
      folder: sandbox.cache,
      env: sandbox.env,
      report: () => abort.abort(),
      signal: abort.signal,
    });
    await expect(building).rejects.toThrow("abort");
    expect(readdirSync(join(sandbox.cache, ".."))).toEqual([]);
  });

  function build(env = sandbox.env): Promise<void> {
    const report = (line: string) => reports.push(line);
    return buildPulumi({ folder: sandbox.cache, env, report });
  }

  function installGo(onBuild: string): void {
    sandbox.write("bin/go", `#!/bin/sh\n[ "$1" = version ] && exit\n${onBuild}\n`, 0o755);
  }
});
