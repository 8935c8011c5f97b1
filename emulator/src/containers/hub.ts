import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Environment, Machine } from "./machine";
import { seconds } from "./machine";
import type { Model } from "./models";

/** The folder where Hugging Face's client keeps repositories, in its order of precedence. */
export function hubCache(env: Environment): string {
  const home = env["HOME"] || "/root";
  const xdg = env["XDG_CACHE_HOME"] || posix.join(home, ".cache");
  const folder =
    env["HF_HUB_CACHE"] ||
    env["HUGGINGFACE_HUB_CACHE"] ||
    env["TRANSFORMERS_CACHE"] ||
    posix.join(env["HF_HOME"] || posix.join(xdg, "huggingface"), "hub");
  return folder.replace(/^~(?=\/|$)/, home);
}

/** The path of a repository's file once it is complete. */
export interface RepositoryFile {
  path: string;
  sizeGb: number;
}

export interface Download {
  files: readonly RepositoryFile[];
  /** The path of a file until it is complete. */
  partials: string;
  /** Stands before each line, as in servers with several processes. */
  prefix: string;
}

/** A model's repository in a hub cache: the files, and the folder of incomplete ones. */
export function inHubCache(model: Model, cache: string): Omit<Download, "prefix"> {
  const repository = posix.join(cache, `models--${model.id.replace("/", "--")}`);
  return {
    files: weightFiles(model, posix.join(repository, "snapshots", digest(model.id))),
    partials: posix.join(repository, "blobs"),
  };
}

/** A model's weights, split into files of the usual size. */
export function weightFiles(model: Model, folder: string): RepositoryFile[] {
  const count = Math.max(1, Math.ceil(model.weightsGb / FILE_GB));
  const name = (n: number) => `model-${pad(n, 5)}-of-${pad(count, 5)}.safetensors`;
  return Array.from({ length: count }, (_, index) => ({
    path: posix.join(folder, count === 1 ? "model.safetensors" : name(index + 1)),
    sizeGb: model.weightsGb / count,
  }));
}

export function isDownloaded(machine: Machine, { files }: Download): boolean {
  return files.every(({ path }) => machine.disk.sizeOf(path) !== undefined);
}

/**
 * Downloads the missing files, one after the other; returns false if the disk was full before the
 * end. Complete files stay, and so does the part of the last one.
 */
export function* download(machine: Machine, job: Download): Generator<number, boolean> {
  const { disk } = machine;
  const missing = job.files.filter(({ path }) => disk.sizeOf(path) === undefined);
  const total = missing.reduce((sum, file) => sum + file.sizeGb, 0);
  const free = disk.freeGb(job.partials);
  if (total > free) {
    machine.print(
      `${job.prefix}/usr/local/lib/python3.12/dist-packages/huggingface_hub/file_download.py:801: UserWarning: Not enough free disk space to download the file. The expected file size is: ${(total * 1000).toFixed(2)} MB. The target location ${job.partials} only has ${(free * 1000).toFixed(2)} MB free disk space.`,
      `${job.prefix}  warnings.warn(`,
    );
  }
  const quiet = Math.ceil(missing.length / MAX_PROGRESS_LINES);
  for (const [index, { path, sizeGb }] of missing.entries()) {
    const name = posix.basename(path);
    const partial = posix.join(job.partials, `${digest(path)}.incomplete`);
    const begunGb = disk.sizeOf(partial) ?? 0;
    const reachedGb = Math.min(sizeGb, begunGb + disk.freeGb(partial));
    const duration = (reachedGb - begunGb) / machine.downloadGbPerSecond;
    yield seconds(duration);
    const isComplete = disk.write(partial, sizeGb);
    if (isComplete) {
      disk.remove(partial);
      disk.write(path, sizeGb);
    }
    if (!isComplete || index % quiet === 0 || index === missing.length - 1) {
      const rate = duration > 0 ? (reachedGb - begunGb) / duration : 0;
      machine.print(job.prefix + progress(name, reachedGb, sizeGb, duration, rate));
    }
    if (!isComplete) {
      return false;
    }
  }
  return true;
}

/** The end of the traceback of Hugging Face's client when the disk is full. */
export const DISK_FULL =
  "RuntimeError: Data processing error: CAS service error : IO Error: No space left on device (os error 28)";

const FILE_GB = 5;
const MAX_PROGRESS_LINES = 20;

function progress(
  name: string,
  doneGb: number,
  sizeGb: number,
  took: number,
  rate: number,
): string {
  const percent = Math.floor((doneGb / sizeGb) * 100);
  const bar = "█".repeat(Math.floor(percent / 10)).padEnd(10);
  const time = `${pad(Math.floor(took / 60), 2)}:${pad(Math.floor(took % 60), 2)}`;
  return `${name}: ${String(percent).padStart(3)}%|${bar}| ${doneGb.toFixed(2)}G/${sizeGb.toFixed(2)}G [${time}<00:00, ${Math.round(rate * 1000)}MB/s]`;
}

function pad(n: number, width: number): string {
  return String(n).padStart(width, "0");
}

export function digest(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
