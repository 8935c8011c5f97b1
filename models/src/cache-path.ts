import { findLaunch, type Launch, type ServerSpec } from "./launch";
import { option } from "./options";
import { readServer } from "./server";

/** Where a server keeps downloaded weights, and what decided it. */
export interface CachePath {
  readonly path: string;
  /** For example `"--download-dir"`, `"HF_HOME"`, `"the image's default"`. */
  readonly from: string;
}

/**
 * The folder in which the server looks for its weights and into which it downloads them; null where
 * no model server is known to run. Of Hugging Face's variables the more specific wins: setting
 * `HF_HOME` does nothing in an image that sets `HUGGINGFACE_HUB_CACHE`.
 *
 * @example
 * cachePath({ imageName: "vllm/vllm-openai:v0.33.0", env: { HF_HOME: "/workspace/hf" } })
 * // { path: "/workspace/hf/hub", from: "HF_HOME" }
 */
export function cachePath(spec: ServerSpec): CachePath | null {
  const launch = findLaunch(spec);
  if (!launch) return null;
  const { path, from } = ownModel(spec) ?? CACHES[launch.server]?.(launch) ?? hubCache(launch);
  return { path: normalised(path.replace(/^~(?=\/|$)/, homeOf(launch))), from };
}

/** Whether a path is a mount's folder or lies in it; compared by segment, so `/data2` is not under `/data`. */
export function isUnder(path: string, mount: string): boolean {
  const folder = normalised(mount);
  const inside = normalised(path);
  return inside === folder || inside.startsWith(folder === "/" ? "/" : `${folder}/`);
}

const IMAGE = "the image's default";

/** Servers that keep their weights elsewhere than in Hugging Face's cache. */
const CACHES: Partial<Readonly<Record<Launch["server"], (launch: Launch) => CachePath>>> = {
  ollama: (launch) =>
    variable(launch, ["OLLAMA_MODELS"]) ?? {
      path: `${homeOf(launch)}/.ollama/models`,
      from: IMAGE,
    },
  "llama.cpp": (launch) =>
    variable(launch, ["LLAMA_CACHE"]) ?? { path: `${userCache(launch)}/llama.cpp`, from: IMAGE },
};

/** A model given as a path is read where it lies. */
function ownModel(spec: ServerSpec): CachePath | null {
  const model = readServer(spec)?.model;
  return model && /^[/~]/.test(model) ? { path: model, from: "the model's own path" } : null;
}

/** By the client's own order: each but the last names the folder of repositories itself. */
function hubCache(launch: Launch): CachePath {
  for (const name of ["--download-dir", "--huggingface-hub-cache"]) {
    const path = option(launch.args, [name]);
    if (path) return { path, from: name };
  }
  const folder = variable(launch, [
    ...(launch.server === "worker-vllm" ? ["DOWNLOAD_DIR"] : []),
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "TRANSFORMERS_CACHE",
  ]);
  if (folder) return folder;
  const home = variable(launch, ["HF_HOME"]);
  if (home) return { path: `${home.path}/hub`, from: home.from };
  const from = launch.variables["XDG_CACHE_HOME"] ? "XDG_CACHE_HOME" : IMAGE;
  return { path: `${userCache(launch)}/huggingface/hub`, from };
}

function variable(launch: Launch, names: readonly string[]): CachePath | null {
  const name = names.find((candidate) => launch.variables[candidate]);
  if (name === undefined) return null;
  const path = launch.variables[name] ?? "";
  return { path, from: path === launch.imageVariables[name] ? IMAGE : name };
}

function homeOf({ variables }: Launch): string {
  return variables["HOME"] || "/root";
}

function userCache(launch: Launch): string {
  return launch.variables["XDG_CACHE_HOME"] || `${homeOf(launch)}/.cache`;
}

/** An absolute path without `.`, `..` and doubled or trailing slashes. */
function normalised(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}
