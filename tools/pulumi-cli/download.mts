import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { runChild } from "./processes.mts";
import { publishFolder } from "./publish.mts";
import { PULUMI_VERSION } from "./version.mts";

export interface DownloadOptions {
  /** The folder whose `bin` shall hold the CLI and its language hosts. */
  folder: string;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** @default Pulumi's own download site */
  releases?: string;
  /** As in the names of the release files. @default this machine's, such as `linux-x64` */
  platform?: string;
}

/**
 * Gets Pulumi's official release and checks it against the checksums published with it.
 * Rejects within seconds where the site cannot be reached, and if the checksum differs.
 */
export async function downloadPulumi({
  folder,
  report,
  signal,
  releases = "https://get.pulumi.com/releases/sdk",
  platform = `${process.platform}-${process.arch}`,
}: DownloadOptions): Promise<void> {
  const archive = `pulumi-v${PULUMI_VERSION}-${platform}.tar.gz`;
  const checksums = `${releases}/pulumi-${PULUMI_VERSION}-checksums.txt`;
  const expected = await publishedChecksum(checksums, archive, signal);
  report(`downloading ${releases}/${archive}`);
  await publishFolder(folder, async (unfinished) => {
    const file = join(unfinished, archive);
    const actual = await download(`${releases}/${archive}`, file, signal);
    if (actual !== expected) {
      throw new Error(`${archive} has SHA-256 ${actual}, but ${checksums} says ${expected}`);
    }
    const bin = join(unfinished, "bin");
    await mkdir(bin);
    await runChild("tar", ["-xzf", file, "-C", bin, "--strip-components=1"], { signal });
    await rm(file);
  });
}

/** Milliseconds for a file of a few lines: enough for a slow site, short where there is none. */
const PATIENCE = 5_000;

async function publishedChecksum(
  url: string,
  archive: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const patience = AbortSignal.timeout(PATIENCE);
  const text = await get(url, signal ? AbortSignal.any([signal, patience]) : patience).then(
    (answer) => answer.text(),
  );
  const line = text.split("\n").find((line) => line.trim().endsWith(` ${archive}`));
  const checksum = line?.trim().split(/\s+/)[0];
  if (!checksum) throw new Error(`${url} does not list ${archive}`);
  return checksum.toLowerCase();
}

async function download(
  url: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { body } = await get(url, signal);
  if (!body) throw new Error(`${url} answered without a body`);
  const hash = createHash("sha256");
  await pipeline(
    Readable.fromWeb(body),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  return hash.digest("hex");
}

async function get(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const answer = await fetch(url, { signal: signal ?? null }).catch((error: Error) => {
    const { message } = (error.cause as Error | undefined) ?? error;
    throw new Error(`${url} cannot be reached: ${message}`);
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer;
}
