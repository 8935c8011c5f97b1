import { foreign, safe } from "@runpod-stack/kit";
import { type CachePath, isUnder, type ModelSize } from "@runpod-stack/models";
import { isKnown, type Known, UNKNOWN } from "../known";
import {
  asAdvice,
  doubt,
  type Finding,
  ofContainers,
  refusal,
  rule,
  type StackFinding,
} from "../rule";
import { type Mount, type Serving, type StoredFiles, servingOf } from "../serving";
import { networkVolumeOf } from "../stack";
import { basisOf, cachePlace, enough, enumerate, gb, modelName } from "../words";

interface CacheOptions {
  readonly ephemeralHours: number;
}

export const persistentHfCache = rule<CacheOptions>({
  name: "persistent-hf-cache",
  description: "Checks whether the weights are downloaded to a mount that survives the container.",
  severity: "critical",
  level: "mandatory",
  why: "Everything outside the mounts is wiped at each restart, so a cache on the container disk is downloaded again every time: minutes to hours of a billed GPU doing nothing, and an outage if the hub is slow or the model is gone.",
  source:
    "RunPod docs, pods/storage/types; Hugging Face docs, huggingface_hub environment variables",
  remediationSteps:
    "Mount a network volume or a persistent disk at the cache's path, or point the cache to a folder under the mount.",
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
    if (!isKnown(serving) || !isKnown(serving.cache) || serving.cacheIsMounted === true) return [];
    if (serving.cacheIsMounted === UNKNOWN && serving.cache.doubt === undefined) return [];
    const hours = hoursOf(spec.terminateAfter);
    if (isKnown(hours) && hours <= ephemeralHours) return [];
    const finding = notPersistent(serving, serving.cache);
    // A pod made from the template may mount a network volume there, which no template can hold.
    return spec.kind === "Template" || hours === UNKNOWN ? asAdvice([finding]) : [finding];
  }),
});

/** The hours after which a pod ends; not known of a time of day. */
function hoursOf(terminateAfter: Known<string>): Known<number> {
  if (!isKnown(terminateAfter)) return terminateAfter;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(terminateAfter)) return UNKNOWN;
  const parts = terminateAfter.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * HOURS[unit as "h"], 0);
}

const HOURS = { ms: 1 / 3_600_000, s: 1 / 3_600, m: 1 / 60, h: 1 };

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
    ? `, or point the cache under it: ${pointer(serving, mount.path)}`
    : ` together with networkVolumeId, or with ${volume}`;
  const field = isKnown(mount) ? `volumeMountPath ${mount.path}` : "volumeMountPath";
  const remedy = safe`Set volumeMountPath to ${place}${move}.`;
  // Without a volume, all that is downloaded is lost, wherever a command puts it.
  if (unsure?.by === "image" || (unsure !== undefined && isKnown(mount))) {
    return doubt(
      "volumeMountPath",
      safe`${field} should be ${place} or a folder above it: ${modelName(serving)} seems to be downloaded to ${cachePlace(serving)}, ${where}, so every restart would wipe it. This is not certain: ${unsure.reason}.`,
      remedy,
    );
  }
  return refusal(
    "volumeMountPath",
    safe`${field} must be ${place} or a folder above it: ${modelName(serving)} is downloaded to ${cachePlace(serving)}, ${where}, so every restart wipes it and downloads ${again}.`,
    remedy,
  );
}

/** How the server is told another place for its cache. */
function pointer({ command, cache }: Serving, mount: string): string {
  if (isKnown(cache) && cache.from.startsWith("--")) return `${cache.from} ${mount}/huggingface`;
  if (command.server === "ollama") return `env OLLAMA_MODELS ${mount}/ollama`;
  return command.server === "llama.cpp"
    ? `env LLAMA_CACHE ${mount}/llama.cpp`
    : `env HF_HOME ${mount}/huggingface`;
}

function persistentSize(mount: Known<Mount>): Known<number> {
  return isKnown(mount) && mount.kind === "persistent" ? mount.sizeGb : undefined;
}

function volumeFindings(serving: Serving, field: string, sizeGb: Known<number>): Finding[] {
  const { size, model, cache } = serving;
  if (!isKnown(sizeGb)) return [];
  const others = otherFiles(serving);
  if (others.length > 0) return allFindings(serving, others, field, sizeGb);
  if (serving.cacheIsMounted !== true || !isKnown(model) || size === undefined) return [];
  if (size.cacheGb === null || size.weightsGb === null)
    return [unknownSize(serving, field, sizeGb)];
  const needed = enough(size.cacheGb);
  if (sizeGb >= needed) return [];
  const isSure = isTooSmallForSure(sizeGb, size) && !(isKnown(cache) && cache.doubt);
  const tell = isSure ? refusal : doubt;
  return [
    tell(
      field,
      safe`${field} ${sizeGb} must be ${needed} or more: ${modelName(serving)} is downloaded to ${cachePlace(serving)} on this volume, ${gb(size.weightsGb)} of weights (${basisOf(size)}) and what comes beside them.`,
      safe`Set ${field} to ${needed}; it can grow in place.`,
    ),
  ];
}

/** What is downloaded to the volume in addition to the model that is served. */
function otherFiles({ files, mount, model }: Serving): StoredFiles[] {
  if (!isKnown(mount)) return [];
  const stored = files.filter(({ where }) => where !== null && isUnder(where, mount.path));
  return stored.some(({ name }) => name !== model) ? stored : [];
}

/** Several models on one volume: what is known of their sizes, added up. */
function allFindings(
  serving: Serving,
  files: readonly StoredFiles[],
  field: string,
  sizeGb: number,
): Finding[] {
  const known = files.filter(({ size, isPart }) => size.weightsGb !== null && !isPart);
  const weights = known.reduce((sum, { size }) => sum + (size.weightsGb ?? 0), 0);
  const least = known.reduce(
    (sum, { size }) => sum + (size.weightsGb ?? 0) * (size.basis === "name" ? 1 - size.margin : 1),
    0,
  );
  const needed = enough(weights * 1.1 + 5);
  if (sizeGb >= needed) return [];
  const { cache } = serving;
  const isSure = sizeGb < least && known.every(({ doubt: unsure }) => unsure === undefined);
  const tell = isSure && !(isKnown(cache) && cache.doubt) ? refusal : doubt;
  const names = enumerate(
    known.map(({ name, size }) => foreign(`${name} (${gb(size.weightsGb ?? 0)})`)),
  );
  return [
    tell(
      field,
      safe`${field} ${sizeGb} must be ${needed} or more: the command downloads ${names} to this volume, ${gb(weights)} together.`,
      safe`Set ${field} to ${needed}; it can grow in place. Or download fewer models.`,
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
function isTooSmallForSure(sizeGb: number, { basis, weightsGb, margin }: ModelSize): boolean {
  const weights = weightsGb ?? 0;
  return basis === "name" ? sizeGb < weights * (1 - margin) : sizeGb < weights;
}
