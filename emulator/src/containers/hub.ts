import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Environment, Machine } from "./machine";
import { seconds } from "./machine";
import type { Model } from "./models";

/** The folder where Hugging Face's client keeps repositories, by its own order of precedence. */
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

/** Why the hub does not hand out a repository, as its client's traceback ends; null if it does. */
export function hubRefusal(id: string, model: Model | null, env: Environment): string[] | null {
  const token = env["HF_TOKEN"] || env["HUGGING_FACE_HUB_TOKEN"];
  const request = `(Request ID: Root=1-${digest(id).slice(0, 8)}-${digest(id).slice(8, 32)})`;
  const url = `https://huggingface.co/${id}/resolve/main/config.json`;
  if (model === null) {
    return [
      `huggingface_hub.errors.RepositoryNotFoundError: ${token ? 404 : 401} Client Error. ${request}`,
      "",
      `Repository Not Found for url: ${url}.`,
      "Please make sure you specified the correct `repo_id` and `repo_type`.",
      "If you are trying to access a private or gated repo, make sure you are authenticated. For more details, see https://huggingface.co/docs/huggingface_hub/authentication",
      ...(token ? [] : ["Invalid username or password."]),
      "",
      `OSError: ${id} is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'`,
      "If this is a private repository, make sure to pass a token having permission to this repo either by logging in with `hf auth login` or by passing `token=<your_token>`",
    ];
  }
  if (model.gated && !token) {
    return [
      `huggingface_hub.errors.GatedRepoError: 401 Client Error. ${request}`,
      "",
      `Cannot access gated repo for url ${url}.`,
      `Access to model ${id} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
      "",
      "OSError: You are trying to access a gated repo.",
      `Make sure to have access to it at https://huggingface.co/${id}.`,
    ];
  }
  return null;
}

export interface Download {
  model: Model;
  /** The hub cache, or the folder that the server was told to use. */
  cache: string;
  /** Put before each line, as servers with several processes do. */
  prefix: string;
}

/** Whether every file of the model is already there. */
export function isDownloaded(machine: Machine, { model, cache }: Download): boolean {
  return shards(model).every(({ name }) => {
    return machine.disk.sizeOf(posix.join(snapshot(cache, model), name)) !== undefined;
  });
}

/**
 * Downloads what is missing, one file after the other; returns false if the disk was full before
 * the end. Complete files stay, and so does the part of the last one.
 */
export function* download(machine: Machine, job: Download): Generator<number, boolean> {
  const { model, cache, prefix } = job;
  const { disk } = machine;
  const folder = snapshot(cache, model);
  const missing = shards(model).filter(
    ({ name }) => disk.sizeOf(posix.join(folder, name)) === undefined,
  );
  const sizeGb = missing.reduce((sum, shard) => sum + shard.sizeGb, 0);
  if (sizeGb > disk.freeGb(cache)) {
    const free = (disk.freeGb(cache) * 1000).toFixed(2);
    machine.print(
      `${prefix}/usr/local/lib/python3.12/dist-packages/huggingface_hub/file_download.py:801: UserWarning: Not enough free disk space to download the file. The expected file size is: ${(sizeGb * 1000).toFixed(2)} MB. The target location ${cache}/models--${model.id.replace("/", "--")}/blobs only has ${free} MB free disk space.`,
      `${prefix}  warnings.warn(`,
    );
  }
  const quiet = Math.ceil(missing.length / MAX_PROGRESS_LINES);
  for (const [index, { name, sizeGb }] of missing.entries()) {
    const partial = posix.join(folder, "../../blobs", `${digest(name + model.id)}.incomplete`);
    const room = disk.freeGb(partial) + (disk.sizeOf(partial) ?? 0);
    const togo = Math.min(sizeGb, room) - (disk.sizeOf(partial) ?? 0);
    const duration = togo / machine.downloadGbPerSecond;
    yield seconds(duration);
    if (!disk.write(partial, sizeGb)) {
      machine.print(`${prefix}${progress(name, Math.min(room, sizeGb), sizeGb, duration)}`);
      return false;
    }
    disk.remove(partial);
    disk.write(posix.join(folder, name), sizeGb);
    if (index % quiet === 0 || index === missing.length - 1) {
      machine.print(`${prefix}${progress(name, sizeGb, sizeGb, duration)}`);
    }
  }
  return true;
}

/** The folder of a repository's files in a cache. */
export function snapshot(cache: string, model: Model): string {
  return posix.join(cache, `models--${model.id.replace("/", "--")}`, "snapshots", digest(model.id));
}

/** The weight files, as large as repositories commonly cut them. */
export function shards(model: Model): { name: string; sizeGb: number }[] {
  const count = Math.max(1, Math.ceil(model.weightsGb / SHARD_GB));
  const sizeGb = model.weightsGb / count;
  return Array.from({ length: count }, (_, index) => ({
    name:
      count === 1 ? "model.safetensors" : `model-${pad(index + 1)}-of-${pad(count)}.safetensors`,
    sizeGb,
  }));
}

const SHARD_GB = 5;
const MAX_PROGRESS_LINES = 20;

function progress(name: string, doneGb: number, sizeGb: number, duration: number): string {
  const percent = Math.floor((doneGb / sizeGb) * 100);
  const bar = "█".repeat(Math.floor(percent / 10)).padEnd(10);
  const rate = duration > 0 ? Math.round((doneGb * 1000) / duration) : 0;
  const time = `00:${pad2(Math.round(duration) % 60)}`;
  return `${name}: ${String(percent).padStart(3)}%|${bar}| ${doneGb.toFixed(2)}G/${sizeGb.toFixed(2)}G [${time}<00:00, ${rate}MB/s]`;
}

function pad(n: number): string {
  return String(n).padStart(5, "0");
}

function pad2(n: number): string {
  return String(n).padStart(2, "0");
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
