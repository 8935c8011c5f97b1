import type { ServerSpec } from "./command-line";
import { readContainer } from "./container";
import type { Container, Launch } from "./launch";
import { option } from "./options";
import { resolved } from "./paths";
import { mayTouch } from "./preparation";
import { downloadOf, modelOf } from "./server";
import { llamaBuild } from "./server-image";
import { isTrue } from "./settings";
import { shown } from "./shell";

/** Why the location of the weights is uncertain. */
export interface CacheDoubt {
  /** A clause, without a final period. */
  readonly reason: string;
  /** What may change the location. An image may already contain the weights; a command still downloads them. */
  readonly by: "image" | "command";
}

/** Where a server stores downloaded weights, and which setting decides that. */
export interface CachePath {
  readonly path: string;
  /** The deciding setting, for example `"--download-dir"`, `"HF_HOME"`, `"the image's default"`. */
  readonly from: string;
  /** Why the weights may be elsewhere; absent if the location is certain. */
  readonly doubt?: CacheDoubt;
}

/**
 * The folder where the server looks for its weights and downloads them to. null if no model server
 * is known to run, or if it downloads nothing because it streams the weights from an object store or
 * is offline. The more specific Hugging Face variable wins: `HF_HOME` has no effect in an image that
 * sets `HUGGINGFACE_HUB_CACHE`.
 *
 * @example
 * cachePath({ imageName: "vllm/vllm-openai:v0.33.0", env: { HF_HOME: "/workspace/hf" } })
 * // { path: "/workspace/hf/hub", from: "HF_HOME" }
 */
export function cachePath(spec: ServerSpec): CachePath | null {
  const container = readContainer(spec);
  const [launch] = container?.launches ?? [];
  return container && launch ? cacheOf(launch, container, spec.imageName ?? "") : null;
}

/** The cache path of one server in a container. */
export function cacheOf(launch: Launch, container: Container, imageName: string): CachePath | null {
  const found = place(launch, container, imageName);
  if (found === null) {
    return null;
  }
  const path = resolved(found.path, launch);
  const doubt = found.doubt ?? doubtOf(found, launch, container);
  return { path, from: found.from, ...(doubt && { doubt }) };
}

/** Where Hugging Face's client stores downloads, by its own precedence. `HF_HOME` is the parent of the folder. */
export function hubCache(launch: Pick<Launch, "variables" | "imageVariables">): CachePath {
  const folder = variable(launch, ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"]);
  if (folder) {
    return folder;
  }
  const home = variable(launch, ["HF_HOME"]);
  if (home) {
    return { path: `${home.path}/hub`, from: home.from };
  }
  return userCache(launch, "huggingface/hub");
}

const IMAGE = "the image's default";

function place(launch: Launch, container: Container, imageName: string): CachePath | null {
  const { server, args, variables } = launch;
  const model = modelOf(launch, container);
  const download = downloadOf(launch, container);
  if (download?.path) {
    return { path: download.path, from: download.from };
  }
  if (model !== null && /^[/~.]/.test(model)) {
    return { path: model, from: "the model's own path" };
  }
  if (model !== null && /^\w+:\/\//.test(model) && !/^https?:/.test(model)) {
    return null;
  }
  if (/^(?:tensorizer|dummy)$/.test(option(args, ["--load-format"]) ?? "")) {
    return null;
  }
  if (server === "ollama") {
    return variable(launch, ["OLLAMA_MODELS"]) ?? { path: "~/.ollama/models", from: IMAGE };
  }
  if (server === "mlc") {
    return variable(launch, ["MLC_LLM_HOME"]) ?? userCache(launch, "mlc_llm");
  }
  if (server === "koboldcpp") {
    return { path: ".", from: "the command" };
  }
  if (server === "llama.cpp") {
    return llamaCache(launch, imageName);
  }
  for (const name of ["--download-dir", "--huggingface-hub-cache"]) {
    const path = option(args, [name]);
    if (path) {
      return { path, from: name };
    }
  }
  if (OFFLINE.some((name) => isTrue(variables[name]))) {
    return null;
  }
  if (MODELSCOPE.some((name) => isTrue(variables[name]))) {
    return variable(launch, ["MODELSCOPE_CACHE"]) ?? userCache(launch, "modelscope/hub");
  }
  const worker = server === "worker-vllm" ? variable(launch, ["DOWNLOAD_DIR"]) : null;
  return worker ?? hubCache(launch);
}

const OFFLINE = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"];
const MODELSCOPE = ["VLLM_USE_MODELSCOPE", "SGLANG_USE_MODELSCOPE", "LMDEPLOY_USE_MODELSCOPE"];

/** Builds up to `lastOld` use llama.cpp's own cache, builds from `firstNew` use Hugging Face's (ggml-org/llama.cpp#20775, #21009). */
const LLAMA_CACHE_MOVED = { lastOld: 8041, firstNew: 8651 };

function llamaCache(launch: Launch, imageName: string): CachePath {
  const own = variable(launch, ["LLAMA_CACHE"]);
  if (own) {
    return own;
  }
  const build = llamaBuild(imageName);
  if (build !== null && build <= LLAMA_CACHE_MOVED.lastOld) {
    return userCache(launch, "llama.cpp");
  }
  const isCertain = build !== null && build >= LLAMA_CACHE_MOVED.firstNew;
  const hub = hubCache(launch);
  return isCertain && option(launch.args, ["-mu", "--model-url"]) === null
    ? hub
    : { ...hub, doubt: byCommand("builds before April 2026 use ~/.cache/llama.cpp") };
}

function doubtOf(
  { from }: CachePath,
  launch: Launch,
  container: Container,
): CacheDoubt | undefined {
  if (launch.imageVariables === null && from === IMAGE) {
    return { by: "image", reason: "the image's own settings are not known" };
  }
  const [program] = launch.within;
  if (program !== undefined) {
    return byCommand(`${program} may change the server's environment`);
  }
  const touching = launch.before.find(mayTouch);
  if (touching !== undefined) {
    return byCommand(`the command first runs: ${shown(touching)}`);
  }
  const model = modelOf(launch, container);
  const isRelative = launch.folder !== null && /^[\w.-]+(?:\/[\w.-]+)*$/.test(model ?? "");
  return isRelative
    ? byCommand(`a folder of that name in ${launch.folder} is used instead if it exists`)
    : undefined;
}

function byCommand(reason: string): CacheDoubt {
  return { by: "command", reason };
}

function variable(
  { variables, imageVariables }: Pick<Launch, "variables" | "imageVariables">,
  names: readonly string[],
): CachePath | null {
  const name = names.find((candidate) => variables[candidate]);
  if (name === undefined) {
    return null;
  }
  const path = variables[name] ?? "";
  return { path, from: path === imageVariables?.[name] ? IMAGE : name };
}

function userCache(launch: Pick<Launch, "variables">, folder: string): CachePath {
  const cache = launch.variables["XDG_CACHE_HOME"];
  return cache
    ? { path: `${cache}/${folder}`, from: "XDG_CACHE_HOME" }
    : { path: `~/.cache/${folder}`, from: IMAGE };
}
