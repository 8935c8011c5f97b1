import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { downloadPulumi } from "../../../../tools/pulumi-cli/download.mts";
import { createSandbox, fakePulumi, type Sandbox } from "./sandbox";

const ARCHIVE = "pulumi-v3.259.0-linux-x64.tar.gz";

describe("Downloading the official release", () => {
  let sandbox: Sandbox;
  let server: Server | undefined;
  let archive: Buffer;
  let folder: string;
  let reports: string[];
  beforeEach(() => {
    sandbox = createSandbox();
    sandbox.write("release/pulumi/pulumi", fakePulumi("3.259.0"), 0o755);
    sandbox.write("release/pulumi/pulumi-language-nodejs", "#!/bin/sh\n", 0o755);
    const release = join(sandbox.folder, "release");
    archive = spawnSync("tar", ["-czf", "-", "-C", release, "pulumi"]).stdout;
    folder = join(sandbox.home, ".pulumi", "versions", "3.259.0");
    reports = [];
  });
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    sandbox.remove();
  });

  test("puts the CLI and its language host where Pulumi's installers do", async () => {
    await download(await serve({ archive, checksum: sha256(archive) }));
    const command = join(folder, "bin", "pulumi");
    expect(spawnSync(command, ["version"], { encoding: "utf8" }).stdout).toBe("v3.259.0\n");
    expect(existsSync(join(folder, "bin", "pulumi-language-nodejs"))).toBe(true);
    expect(existsSync(join(folder, ARCHIVE))).toBe(false);
    expect(reports).toEqual([expect.stringContaining(`/sdk/${ARCHIVE}`)]);
  });

  test("refuses an archive whose checksum is not the published one", async () => {
    const base = await serve({ archive, checksum: "0".repeat(64) });
    await expect(download(base)).rejects.toThrow(
      `${ARCHIVE} has SHA-256 ${sha256(archive)}, but ${base}/pulumi-3.259.0-checksums.txt says ${"0".repeat(64)}`,
    );
    expect(existsSync(folder)).toBe(false);
  });

  test("refuses an archive that is cut short", async () => {
    const base = await serve({ archive, checksum: sha256(archive), cutShort: true });
    await expect(download(base)).rejects.toThrow();
    expect(existsSync(folder)).toBe(false);
  });

  test("says which platform the release is not made for", async () => {
    const base = await serve({ archive, checksum: sha256(archive) });
    await expect(download(base, "sunos-x64")).rejects.toThrow(
      `${base}/pulumi-3.259.0-checksums.txt does not list pulumi-v3.259.0-sunos-x64.tar.gz`,
    );
  });

  test("quotes the status of an answer that is not the file", async () => {
    const base = await listen((_request, response) => response.writeHead(503).end());
    await expect(download(base)).rejects.toThrow(
      `${base}/pulumi-3.259.0-checksums.txt answered 503`,
    );
  });

  test("says that the site cannot be reached", async () => {
    const base = await listen(() => {});
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(download(base)).rejects.toThrow(
      new RegExp(`^${base}/pulumi-3.259.0-checksums.txt cannot be reached: .*ECONNREFUSED`),
    );
  });

  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    const base = await listen(() => abort.abort());
    await expect(download(base, "linux-x64", abort.signal)).rejects.toThrow("abort");
  });

  function download(releases: string, platform = "linux-x64", signal?: AbortSignal): Promise<void> {
    const report = (line: string) => reports.push(line);
    return downloadPulumi({ folder, report, releases, platform, signal });
  }

  function serve(site: { archive: Buffer; checksum: string; cutShort?: boolean }): Promise<string> {
    return listen((request, response) => {
      if (request.url === "/sdk/pulumi-3.259.0-checksums.txt") {
        response.end(`${"f".repeat(64)}  other.tar.gz\n${site.checksum}  ${ARCHIVE}\n`);
      } else if (request.url === `/sdk/${ARCHIVE}`) {
        response.setHeader("content-length", site.archive.length);
        if (!site.cutShort) return response.end(site.archive);
        response.write(site.archive.subarray(0, 20), () => response.destroy());
      } else {
        response.writeHead(404).end();
      }
    });
  }

  async function listen(handler: RequestListener): Promise<string> {
    const started = createServer(handler);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/sdk`;
  }
});

function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
