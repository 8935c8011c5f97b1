import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { downloadPulumi } from "../../../../tools/pulumi-cli/download.mts";
import { PULUMI_ARCHIVES } from "../../../../tools/pulumi-cli/version.mts";
import { createSandbox, fakePulumi, type Sandbox } from "./sandbox";

const ARCHIVE = "pulumi-v3.259.0-linux-x64.tar.gz";

describe("Downloading the official release", () => {
  let sandbox: Sandbox;
  let server: Server | undefined;
  let archive: Buffer;
  let folder: string;
  let reports: string[];
  let requests: string[];
  beforeEach(() => {
    sandbox = createSandbox();
    sandbox.write("release/pulumi/pulumi", fakePulumi("3.259.0"), 0o755);
    sandbox.write("release/pulumi/pulumi-language-nodejs", "#!/bin/sh\n", 0o755);
    const release = join(sandbox.folder, "release");
    archive = spawnSync("tar", ["-czf", "-", "-C", release, "pulumi"]).stdout;
    folder = join(sandbox.home, ".pulumi", "versions", "3.259.0");
    reports = [];
    requests = [];
  });
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    sandbox.remove();
  });

  test("puts the CLI and its language host where Pulumi's installers do", async () => {
    await download(await serve(archive));
    const command = join(folder, "bin", "pulumi");
    expect(spawnSync(command, ["version"], { encoding: "utf8" }).stdout).toBe("v3.259.0\n");
    expect(existsSync(join(folder, "bin", "pulumi-language-nodejs"))).toBe(true);
    expect(existsSync(join(folder, ARCHIVE))).toBe(false);
    expect(reports).toEqual([expect.stringContaining(`/sdk/${ARCHIVE}`)]);
  });

  test("refuses an archive that is not the pinned one, whatever checksum the site publishes", async () => {
    const base = await serve(archive);
    await expect(
      downloadPulumi({ folder, report: () => {}, releases: base, platform: "linux-x64" }),
    ).rejects.toThrow(
      `${ARCHIVE} has SHA-256 ${sha256(archive)} instead of ${PULUMI_ARCHIVES["linux-x64"]}`,
    );
    expect(requests).toEqual([`/sdk/${ARCHIVE}`]);
    expect(existsSync(folder)).toBe(false);
  });

  test("refuses an archive that is cut short", async () => {
    const base = await listen((_request, response) => {
      response.setHeader("content-length", archive.length);
      response.write(archive.subarray(0, 20), () => response.destroy());
    });
    await expect(download(base)).rejects.toThrow();
    expect(existsSync(folder)).toBe(false);
  });

  test("downloads nothing for a platform whose checksum is not known", async () => {
    const base = await serve(archive);
    await expect(download(base, "sunos-x64")).rejects.toThrow(
      "no checksum of pulumi-v3.259.0-sunos-x64.tar.gz is known, so it is not downloaded",
    );
    expect(requests).toEqual([]);
  });

  test("pins every platform that Pulumi packs as tar.gz", () => {
    expect(Object.keys(PULUMI_ARCHIVES)).toEqual([
      "darwin-arm64",
      "darwin-x64",
      "linux-arm64",
      "linux-x64",
    ]);
    for (const sum of Object.values(PULUMI_ARCHIVES)) {
      expect(sum).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test("follows a redirect on the same site", async () => {
    const base = await listen((request, response) => {
      if (request.url === "/other") {
        return response.end(archive);
      }
      return response.writeHead(302, { location: "/other" }).end();
    });
    await download(base);
    expect(existsSync(join(folder, "bin", "pulumi"))).toBe(true);
  });

  test.each(["http://127.0.0.1:1/x", "https://evil.example/x", "file:///etc/passwd"])(
    "follows no redirect to %s",
    async (location) => {
      const base = await listen((_request, response) =>
        response.writeHead(302, { location }).end(),
      );
      const { origin } = new URL(base);
      await expect(download(base)).rejects.toThrow(`, not ${origin}`);
    },
  );

  test("stops after too many redirects", async () => {
    const base = await listen((_request, response) =>
      response.writeHead(302, { location: "/again" }).end(),
    );
    await expect(download(base)).rejects.toThrow("has too many redirects");
  });

  test("quotes the status of an answer that is not the file", async () => {
    const base = await listen((_request, response) => response.writeHead(503).end());
    await expect(download(base)).rejects.toThrow(`${base}/${ARCHIVE} answered 503`);
  });

  test("reports that the site cannot be reached", async () => {
    const base = await listen(() => {});
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(download(base)).rejects.toThrow(
      new RegExp(`^${base}/${ARCHIVE} cannot be reached: .*ECONNREFUSED`),
    );
  });

  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    const base = await listen(() => abort.abort());
    await expect(download(base, "linux-x64", abort.signal)).rejects.toThrow("abort");
  });

  function download(releases: string, platform = "linux-x64", signal?: AbortSignal): Promise<void> {
    const report = (line: string) => reports.push(line);
    const archives = { "linux-x64": sha256(archive) };
    return downloadPulumi({ folder, report, releases, platform, archives, signal });
  }

  function serve(file: Buffer): Promise<string> {
    return listen((request, response) => {
      if (request.url === `/sdk/${ARCHIVE}`) {
        return response.end(file);
      }
      if (request.url === "/sdk/pulumi-3.259.0-checksums.txt") {
        return response.end(`${sha256(file)}  ${ARCHIVE}\n`);
      }
      return response.writeHead(404).end();
    });
  }

  async function listen(handler: RequestListener): Promise<string> {
    const started = createServer((request, response) => {
      requests.push(request.url ?? "");
      handler(request, response);
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/sdk`;
  }
});

function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
