import { safe } from "@runpod-stack/kit";
import type { ModelSize } from "@runpod-stack/models";
import { isKnown, type Known } from "../known";
import {
  asAdvice,
  doubt,
  type Finding,
  ofContainers,
  refusal,
  rule,
  type StackFinding,
} from "../rule";
import { type Mount, type Serving, servingOf } from "../serving";
import { networkVolumeOf } from "../stack";
import { basisOf, cachePlace, enough, gb, modelName } from "../words";

export const persistentHfCache = rule({
  name: "persistent-hf-cache",
  description: "Checks whether the weights are downloaded to a mount that survives the container.",
  severity: "critical",
  level: "mandatory",
  why: "Everything outside the mounts is wiped at each restart, so a cache on the container disk is downloaded again every time: minutes to hours of a billed GPU doing nothing, and an outage if the hub is slow or the model is gone.",
  source:
    "RunPod docs, pods/storage/types; Hugging Face docs, huggingface_hub environment variables",
  remediationSteps:
    "Mount a network volume or a persistent disk at the cache's path, or point the cache to a folder under the mount.",
  options: {},
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B"], volumeMountPath: "/workspace"',
  check: ofContainers((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving) || !isKnown(serving.cache) || serving.cacheIsMounted !== false) return [];
    const finding = notPersistent(serving, serving.cache.path);
    // A pod made from the template may mount a network volume there, which no template can hold.
    return spec.kind === "Template" ? asAdvice([finding]) : [finding];
  }),
});

export const cacheVolumeSize = rule({
  name: "cache-volume-size",
  description: "Checks whether the volume that holds the cache holds the weights.",
  severity: "high",
  level: "mandatory",
  why: 'A full volume ends the download with "No space left on device", again at every start. Volumes can grow in place.',
  source: "RunPod docs, pods/storage/types; weights measured per model in the size table",
  remediationSteps:
    "Raise volumeInGb, or the network volume's size, to the number that the message names.",
  options: {},
  hasDoubts: true,
  example:
    'dockerStartCmd: ["Qwen/Qwen3.8-27B"], volumeInGb: 40, volumeMountPath: "/root/.cache/huggingface"',
  check: ofContainers((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving)) return [];
    const findings = volumeFindings(serving, "volumeInGb", persistentSize(serving.mount));
    return spec.kind === "Template" ? asAdvice(findings) : findings;
  }),
  checkStack(items, _options, knowledge) {
    return items.flatMap((item): StackFinding[] => {
      const volume = networkVolumeOf(item, items);
      const serving = item.spec.kind === "Pod" ? servingOf(item.spec, knowledge) : undefined;
      if (volume === undefined || !isKnown(serving)) return [];
      return volumeFindings(serving, "size", volume.spec.size).map((finding) => ({
        ...finding,
        item: volume.item,
      }));
    });
  },
});

function notPersistent(serving: Serving, path: string): Finding {
  const { mount, size } = serving;
  const place = path.replace(/\/hub$/, "");
  const sizeGb = size?.cacheGb ?? undefined;
  const volume = sizeGb === undefined ? "volumeInGb" : `volumeInGb: ${enough(sizeGb)}`;
  const again = size?.weightsGb ? `${gb(size.weightsGb)} again` : "all of it again";
  const where = isKnown(mount)
    ? `outside the volume at ${mount.path}`
    : "and no volume is mounted at all";
  const move = isKnown(mount)
    ? `, or point the cache under it: ${pointer(serving, `${mount.path}/huggingface`)}`
    : ` together with networkVolumeId, or with ${volume}`;
  return refusal(
    "volumeMountPath",
    safe`${isKnown(mount) ? `volumeMountPath ${mount.path}` : "volumeMountPath"} must be ${place} or a folder above it: ${modelName(serving)} is downloaded to ${cachePlace(serving)}, ${where}, so every restart wipes it and downloads ${again}.`,
    safe`Set volumeMountPath to ${place}${move}.`,
  );
}

/** How the server is told another place for its cache. */
function pointer({ command, cache }: Serving, folder: string): string {
  if (isKnown(cache) && cache.from.startsWith("--")) return `${cache.from} ${folder}`;
  if (command.server === "ollama") return `env OLLAMA_MODELS ${folder}`;
  return command.server === "llama.cpp" ? `env LLAMA_CACHE ${folder}` : `env HF_HOME ${folder}`;
}

function persistentSize(mount: Known<Mount>): Known<number> {
  return isKnown(mount) && mount.kind === "persistent" ? mount.sizeGb : undefined;
}

function volumeFindings(serving: Serving, field: string, sizeGb: Known<number>): Finding[] {
  const { size, model } = serving;
  if (serving.cacheIsMounted !== true || !isKnown(sizeGb) || !isKnown(model)) return [];
  if (size === undefined) return [];
  if (size.cacheGb === null || size.weightsGb === null)
    return [unknownSize(serving, field, sizeGb)];
  const needed = enough(size.cacheGb);
  if (sizeGb >= needed) return [];
  const tell = isTooSmallForSure(sizeGb, size) ? refusal : doubt;
  return [
    tell(
      field,
      safe`${field} ${sizeGb} must be ${needed} or more: ${modelName(serving)} is downloaded to ${cachePlace(serving)} on this volume, ${gb(size.weightsGb)} of weights (${basisOf(size)}) and what comes beside them.`,
      safe`Set ${field} to ${needed}; it can grow in place.`,
    ),
  ];
}

function unknownSize(serving: Serving, field: string, sizeGb: number): Finding {
  return doubt(
    field,
    safe`${field} ${sizeGb} cannot be judged: the size of ${modelName(serving)} is not known (${serving.size?.reason}).`,
    safe`Give the size of the weights in the policies' configuration: {"container-disk-size": {"models": {"<model>": {"weightsGb": <GB>}}}}.`,
  );
}

/** Not even the weights alone would fit, whatever the margin. */
function isTooSmallForSure(sizeGb: number, { weightsGb, margin }: ModelSize): boolean {
  return sizeGb < (weightsGb ?? 0) * (1 - margin);
}
