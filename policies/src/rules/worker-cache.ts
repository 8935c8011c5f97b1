import { safe } from "@runpod-stack/kit";
import type { CachePath } from "@runpod-stack/models";
import { isKnown } from "../known";
import { doubt, type Finding, refusalIf } from "../rule";
import type { Serving } from "../serving";
import type { ContainerSpec } from "../spec";
import { cachePlace, enough, gb, modelName } from "../words";
import { WORKER_MOUNT } from "../workers";

/** What is wrong with a cache that serverless workers do not share. */
export function notShared(spec: ContainerSpec, serving: Serving, cache: CachePath): Finding {
  return serving.mount === undefined ? noVolume(serving, cache) : outside(spec, serving, cache);
}

/** RunPod's console can provide a model without a volume, which no request to REST shows. */
function noVolume(serving: Serving, cache: CachePath): Finding {
  const { size } = serving;
  const volume = size?.cacheGb
    ? `a network volume of ${enough(size.cacheGb)} GB`
    : "a network volume";
  const move = isOnMount(cache) ? "" : `, and set ${pointer(serving, cache)}`;
  return doubt(
    "networkVolumeIds",
    safe`networkVolumeIds should have a network volume: ${modelName(serving)} is downloaded to ${cachePlace(serving)} on each worker's own disk, so every new worker downloads ${amount(serving)} while requests wait and the worker is billed.`,
    safe`Add ${volume} to networkVolumeIds${move}. Without a volume, choose the model as a cached model in RunPod's console, or use an image that contains it.`,
  );
}

function outside(spec: ContainerSpec, serving: Serving, cache: CachePath): Finding {
  const isVolumeKnown = spec.kind === "ServerlessEndpoint" && isKnown(spec.networkVolumeIds);
  const isCertain = isVolumeKnown && cache.doubt === undefined;
  const unsure = cache.doubt ? safe` This is uncertain: ${cache.doubt.reason}.` : safe``;
  return refusalIf(
    isCertain,
    "env",
    safe`env ${isCertain ? "must" : "should"} move the cache to ${WORKER_MOUNT}, where workers have their network volume: ${modelName(serving)} is downloaded to ${cachePlace(serving)} on each worker's own disk, so every new worker downloads ${amount(serving)}.${unsure}`,
    safe`Set ${pointer(serving, cache)}.`,
  );
}

function amount({ size }: Serving): string {
  return size?.weightsGb ? `${gb(size.weightsGb)} again` : "all of it again";
}

function isOnMount({ path }: CachePath): boolean {
  return path.startsWith(`${WORKER_MOUNT}/`);
}

/** The setting that moves the server's cache to the volume. */
function pointer({ command }: Serving, { from }: CachePath): string {
  if (from.startsWith("--")) {
    return `${from} to ${WORKER_MOUNT}/huggingface`;
  }
  // The more specific variable wins, so it is the one to change.
  if (/^[A-Z_]+$/.test(from) && from !== "XDG_CACHE_HOME") {
    return `env ${from} to a folder in ${WORKER_MOUNT}`;
  }
  if (command.server === "ollama") {
    return `env OLLAMA_MODELS to ${WORKER_MOUNT}/ollama`;
  }
  return command.server === "llama.cpp"
    ? `env LLAMA_CACHE to ${WORKER_MOUNT}/llama.cpp`
    : `env HF_HOME to ${WORKER_MOUNT}/huggingface`;
}
