import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { runChild } from "./processes.mts";
import { publishFolder } from "./publish.mts";
import { PULUMI_ARCHIVES, PULUMI_VERSION } from "./version.mts";

export interface DownloadOptions {
  /** The folder whose `bin` is for the CLI and its language hosts. */
  folder: string;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** @default Pulumi's own download site */
  releases?: string;
  /** As in the names of the release files. @default this machine's, such as `linux-x64` */
  platform?: string;
  /** SHA-256 by platform. @default those of the pinned version */
  archives?: Readonly<Record<string, string>>;
}

/**
 * Downloads Pulumi's official release and checks it against the checksum pinned here. Rejects
 * within seconds if the site cannot be reached, and if the checksum differs.
 */
export async function downloadPulumi({
  folder,
  report,
  signal,
  releases = "https://get.pulumi.com/releases/sdk",
  platform = `${process.platform}-${process.arch}`,
  archives = PULUMI_ARCHIVES,
}: DownloadOptions): Promise<void> {
  const archive = `pulumi-v${PULUMI_VERSION}-${platform}.tar.gz`;
  const expected = archives[platform];
  if (!expected) {
    throw new Error(`no checksum of ${archive} is known, so it is not downloaded`);
  }
  report(`downloading ${releases}/${archive}`);
  await publishFolder(folder, async (unfinished) => {
    const file = join(unfinished, archive);
    const actual = await download(`${releases}/${archive}`, file, signal);
    if (actual !== expected) {
      throw new Error(`${archive} has SHA-256 ${actual} instead of ${expected}`);
    }
    const bin = join(unfinished, "bin");
    await mkdir(bin);
    // As root, tar would give the files to the user who packed them.
    const options = ["--no-same-owner", "--strip-components=1"];
    await runChild("tar", ["-xzf", file, "-C", bin, ...options], { signal });
    await rm(file);
  });
}

const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;

async function download(
  url: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { body } = await get(url, signal);
  if (!body) {
    throw new Error(`${url} answered without a body`);
  }
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(
    Readable.fromWeb(body),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > MAX_ARCHIVE_BYTES) {
          throw new Error(`${url} is larger than any release`);
        }
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  return hash.digest("hex");
}

/** Milliseconds until an answer begins: enough for a slow site, but a short wait without a network. */
const PATIENCE = 5_000;
const MAX_REDIRECTS = 5;

/** Follows redirects on the same site only: none to another host, and none from https to http. */
async function get(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const { origin } = new URL(url);
  let place = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await ask(place, signal);
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status > 399 || location === null) {
      if (!answer.ok) {
        throw new Error(`${url} answered ${answer.status}`);
      }
      return answer;
    }
    place = new URL(location, place);
    if (place.origin !== origin) {
      throw new Error(`${url} leads to ${place.origin}, not ${origin}`);
    }
  }
  throw new Error(`${url} has too many redirects`);
}

async function ask(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  const unanswered = new AbortController();
  const patience = setTimeout(() => unanswered.abort(), PATIENCE);
  try {
    return await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.any([unanswered.signal, ...(signal ? [signal] : [])]),
    });
  } catch (error) {
    const { message } = ((error as Error).cause as Error | undefined) ?? (error as Error);
    throw new Error(`${url} cannot be reached: ${message}`);
  } finally {
    clearTimeout(patience);
  }
}
