import { safe } from "@runpod-stack/kit";
import type { CachePath } from "@runpod-stack/models";
import { millisecondsOf } from "../durations";
import { isKnown, type Known, UNKNOWN } from "../known";
import { asAdvice, doubt, type Finding, ofContainers, refusal, rule } from "../rule";
import { type Serving, servingOf } from "../serving";
import { cachePlace, enough, gb, modelName } from "../words";
import { notShared } from "./worker-cache";

interface CacheOptions {
  readonly ephemeralHours: number;
}

export const persistentHfCache = rule<CacheOptions>({
  name: "persistent-hf-cache",
  description:
    "Checks whether the weights are downloaded to a volume that survives restarts, and that serverless workers share.",
  severity: "critical",
  level: "mandatory",
  why: "Each restart wipes everything outside the mounts, so weights on the container disk are downloaded again every time. Meanwhile a billed GPU idles for minutes to hours, and if the Hugging Face hub is slow or the model was removed, the service is down. Serverless workers download them at every cold start on a new host, unless the endpoint has a network volume, which is at /runpod-volume.",
  source:
    "RunPod docs, pods/storage/types and serverless/storage/network-volumes; Hugging Face docs, huggingface_hub environment variables",
  remediationSteps:
    "Mount a network volume or a persistent disk at the cache path, or move the cache to a folder on the volume.",
  options: {
    ephemeralHours: {
      type: "number",
      default: 4,
      minimum: 0,
      description:
        "Pods whose `terminateAfter` is at most this many hours need no persistent cache.",
    },
  },
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B"], volumeMountPath: "/workspace"',
  check: ofContainers((spec, { ephemeralHours }, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving) || !isKnown(serving.cache) || serving.cacheIsMounted === true) {
      return [];
    }
    if (serving.cacheIsMounted === UNKNOWN && serving.cache.doubt === undefined) {
      return [];
    }
    const hours = hoursOf(spec.terminateAfter);
    if (isKnown(hours) && hours <= ephemeralHours) {
      return [];
    }
    const finding = spec.isServerless
      ? notShared(spec, serving, serving.cache)
      : notPersistent(serving, serving.cache);
    // A pod created from the template may mount a network volume there; a template cannot.
    return spec.kind === "Template" || hours === UNKNOWN ? asAdvice([finding]) : [finding];
  }),
});

/** Hours until a pod ends. Unknown if `terminateAfter` is a date. */
function hoursOf(terminateAfter: Known<string>): Known<number> {
  if (!isKnown(terminateAfter)) {
    return terminateAfter;
  }
  const milliseconds = millisecondsOf(terminateAfter);
  return milliseconds === undefined ? UNKNOWN : milliseconds / 3_600_000;
}

function notPersistent(serving: Serving, { path, doubt: unsure }: CachePath): Finding {
  const { mount, size } = serving;
  const place = path.replace(/\/hub$/, "");
  const sizeGb = size?.cacheGb ?? undefined;
  const volume = sizeGb === undefined ? "volumeInGb" : `volumeInGb: ${enough(sizeGb)}`;
  const again = size?.weightsGb ? `${gb(size.weightsGb)} again` : "all of it again";
  const where = isKnown(mount)
    ? `outside the volume at ${mount.path}`
    : "and no volume is mounted at all";
  const move = isKnown(mount)
    ? `, or move the cache to the volume with ${pointer(serving, mount.path)}`
    : `, and add networkVolumeId or ${volume}`;
  const field = isKnown(mount) ? `volumeMountPath ${mount.path}` : "volumeMountPath";
  const remedy = safe`Set volumeMountPath to ${place}${move}.`;
  // Without a volume, every download is lost, wherever the command puts it.
  if (unsure?.by === "image" || (unsure !== undefined && isKnown(mount))) {
    return doubt(
      "volumeMountPath",
      safe`${field} should be ${place} or a folder above it: ${modelName(serving)} is probably downloaded to ${cachePlace(serving)}, ${where}, so every restart would wipe it. This is uncertain: ${unsure.reason}.`,
      remedy,
    );
  }
  return refusal(
    "volumeMountPath",
    safe`${field} must be ${place} or a folder above it: ${modelName(serving)} is downloaded to ${cachePlace(serving)}, ${where}, so every restart wipes it and downloads ${again}.`,
    remedy,
  );
}

/** The setting that moves the server's cache. */
function pointer({ command, cache }: Serving, mount: string): string {
  if (isKnown(cache) && cache.from.startsWith("--")) {
    return `${cache.from} ${mount}/huggingface`;
  }
  if (command.server === "ollama") {
    return `env OLLAMA_MODELS ${mount}/ollama`;
  }
  return command.server === "llama.cpp"
    ? `env LLAMA_CACHE ${mount}/llama.cpp`
    : `env HF_HOME ${mount}/huggingface`;
}
