import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { create } from "tar";
import { publishedPackages } from "../../tools/release/packages.mts";

const ROOT = path.join(__dirname, "../..");

/** Where a version of a package comes from: a tarball, or the folder in which it is installed. */
interface Source {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly place: string;
}

/** A package registry on loopback. It holds what is installed here, and this repository's packages as `npm pack` makes them. */
export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const packed = mkdtempSync(path.join(tmpdir(), "runpod-stack-packed-"));
  const sources = [...installed(), ...(await pack(packed))];
  // One version may be installed in several places, and two archives of it differ.
  const tarballs = new Map<string, Promise<Buffer>>();
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(request.url?.slice(1) ?? "");
    const versions = sources.filter(({ manifest }) => manifest.name === asked);
    const tarball = tarballs.get(asked);
    if (tarball !== undefined) {
      response.end(await tarball);
    } else if (versions.length === 0) {
      response.writeHead(404).end("{}");
    } else {
      response.end(JSON.stringify(await document(asked, versions)));
    }
  });
  const document = async (name: string, versions: readonly Source[]) => ({
    name,
    // Packages in the root of node_modules come first.
    "dist-tags": { latest: versions[0]?.manifest.version },
    versions: Object.fromEntries(
      await Promise.all(
        versions.map(async ({ manifest, place }) => {
          const file = `-/${name}-${manifest.version}.tgz`;
          const tarball = tarballs.get(file) ?? tarballOf(place);
          tarballs.set(file, tarball);
          const integrity = `sha512-${createHash("sha512")
            .update(await tarball)
            .digest("base64")}`;
          return [
            manifest.version,
            { ...manifest, dist: { tarball: `${url}/${file}`, integrity } },
          ];
        }),
      ),
    ),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(packed, { recursive: true, force: true });
    },
  };
}

/** The packages of the lock file that are installed here, without those of other platforms. */
function installed(): Source[] {
  const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries<{ link?: boolean }>(lock.packages)
    .filter(([place, { link }]) => place.includes("node_modules/") && !link)
    .map(([place]) => path.join(ROOT, place))
    .filter((place) => existsSync(path.join(place, "package.json")))
    .sort((a, b) => a.length - b.length)
    .map((place) => ({ place, manifest: manifestOf(place) }));
}

async function pack(destination: string): Promise<Source[]> {
  const folders = publishedPackages().map((folder) => path.join(ROOT, folder));
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
  const { stdout } = await promisify(execFile)("npm", [...args, ...folders], { cwd: ROOT });
  const files: { name: string; filename: string }[] = JSON.parse(stdout);
  return folders.map((folder) => {
    const manifest = manifestOf(folder);
    const file = files.find(({ name }) => name === manifest.name)?.filename ?? "";
    return { manifest, place: path.join(destination, file) };
  });
}

function manifestOf(folder: string): Source["manifest"] {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
}

async function tarballOf(place: string): Promise<Buffer> {
  if (place.endsWith(".tgz")) {
    return readFileSync(place);
  }
  const filter = (file: string) => !file.startsWith("./node_modules");
  return buffer(create({ cwd: place, prefix: "package", gzip: { level: 1 }, filter }, ["."]));
}
