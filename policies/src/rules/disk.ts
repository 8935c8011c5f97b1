import { safe } from "@runpod-stack/kit";
import type { Knowledge } from "../knowledge";
import { isKnown, UNKNOWN } from "../known";
import { asAdvice, doubt, type Finding, ofContainers, refusal, refusalIf, rule } from "../rule";
import { type Serving, servingOf } from "../serving";
import { type ContainerSpec, isDeployment } from "../spec";
import { basisOf, cachePlace, enough, gb, modelName } from "../words";

interface DiskOptions extends Knowledge {
  readonly besideCacheGb: number;
}

const EXAMPLE_FIGURES = '{"container-disk-size": {"models": {"<model>": {"weightsGb": <GB>}}}}';

export const containerDiskSize = rule<DiskOptions>({
  name: "container-disk-size",
  description:
    "Checks whether the container disk is set explicitly and has room for everything that is downloaded to it.",
  severity: "critical",
  level: "mandatory",
  why: "A disk that is too small fills up while the weights are downloaded. The container then restarts over and over, and is billed all the while. RunPod's default is 50 GB, and its CLI has sent 20.",
  source:
    "RunPod docs, pods/storage/types; runpod/runpod-python#297; weights measured per model in the size table",
  remediationSteps:
    "Set containerDiskInGb to the number in the message, or mount a volume at the cache path.",
  options: {
    models: {
      type: "object",
      additionalProperties: { type: "object" },
      default: {},
      description:
        "Sizes of your models, by name: `weightsGb` (as downloaded) or `parametersB`. All rules use them.",
    },
    images: {
      type: "object",
      additionalProperties: { type: "string" },
      default: {},
      description:
        "Your own images that serve models, each with the known image that it behaves like, such as `vllm/vllm-openai:v0.20.0`. All rules use them.",
    },
    besideCacheGb: {
      type: "number",
      default: 20,
      minimum: 1,
      description: "Minimum size of the container disk in GB if the weights are stored elsewhere.",
    },
  },
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B"], containerDiskInGb: 20',
  check: ofContainers((spec, options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving) || spec.containerDiskInGb === UNKNOWN) {
      return [];
    }
    const findings =
      spec.containerDiskInGb === undefined
        ? [notExplicit(serving, options)]
        : tooSmall(spec, spec.containerDiskInGb, serving, options);
    // A pod created from the template may mount a volume at the cache path, and is checked itself.
    const isOpen = spec.kind === "Template" && !spec.isAlone;
    // An unknown image may contain the weights.
    return isOpen || isFromImage(serving) ? asAdvice(findings) : findings.map(orRoom(spec));
  }),
  remedy(spec, options, knowledge) {
    if (!isDeployment(spec)) {
      return undefined;
    }
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving) || serving.cacheIsMounted === UNKNOWN) {
      return undefined;
    }
    const needed = neededGb(serving, options);
    const { containerDiskInGb } = spec;
    const isEnough = containerDiskInGb === UNKNOWN || (containerDiskInGb ?? 0) >= (needed ?? 0);
    return isEnough ? undefined : { containerDiskInGb: needed };
  },
});

/** RunPod does not document the disk of an endpoint that sets none, so it may be enough. */
function orRoom({ kind, containerDiskInGb }: ContainerSpec): (finding: Finding) => Finding {
  const isOpen = kind === "ServerlessEndpoint" && containerDiskInGb === undefined;
  return (finding) => (isOpen ? { ...finding, certainty: "doubtful" } : finding);
}

function isFromImage({ cache }: Serving): boolean {
  return isKnown(cache) && cache.doubt?.by === "image";
}

function notExplicit(serving: Serving, options: DiskOptions): Finding {
  const needed = neededGb(serving, options);
  const number = needed === undefined ? "a number of GB" : `${needed} or more`;
  return refusal(
    "containerDiskInGb",
    safe`containerDiskInGb must be set explicitly, to ${number}: the default of RunPod's tools (20 to 50 GB) is not based on what ${modelName(serving)} needs.`,
    safe`Set containerDiskInGb to ${number}.`,
  );
}

function tooSmall(
  { isServerless }: ContainerSpec,
  disk: number,
  serving: Serving,
  options: DiskOptions,
): Finding[] {
  const { cache, cacheIsMounted, size, model } = serving;
  if (cacheIsMounted === UNKNOWN) {
    return [];
  }
  if (cacheIsMounted || cache === undefined) {
    return besideCache(disk, options);
  }
  if (model === UNKNOWN) {
    return [];
  }
  if (size === undefined || size.diskGb === null) {
    return [unknownSize(disk, serving)];
  }
  const needed = enough(size.diskGb);
  if (disk >= needed) {
    return [];
  }
  const weights = size.weightsGb ?? 0;
  const isCertain = disk < weights * (1 - size.margin);
  const must = isCertain ? "must" : "should";
  return [
    refusalIf(
      isCertain,
      "containerDiskInGb",
      safe`containerDiskInGb ${disk} ${must} be ${needed} or more: ${modelName(serving)} is downloaded to ${cachePlace(serving)}, on the container disk. Its ${gb(weights)} of weights (${basisOf(size)}) need ${needed} GB there, including working files.`,
      safe`Set containerDiskInGb to ${needed}. Better: ${volumeFor(enough(size.cacheGb ?? 0), isServerless)}, and set containerDiskInGb to ${options.besideCacheGb}.`,
    ),
  ];
}

function volumeFor(size: number, isServerless: boolean): string {
  return isServerless
    ? `attach a network volume of ${size} GB to the endpoint, with the cache on it, so that its workers share one download`
    : `mount a volume of ${size} GB at the cache path, so that a restart does not download everything again`;
}

function besideCache(disk: number, { besideCacheGb }: DiskOptions): Finding[] {
  if (disk >= besideCacheGb) {
    return [];
  }
  return [
    doubt(
      "containerDiskInGb",
      safe`containerDiskInGb ${disk} should be ${besideCacheGb} or more: the weights are stored elsewhere, but the server's compile caches, logs and temporary files are written to this disk.`,
      safe`Set containerDiskInGb to ${besideCacheGb}.`,
    ),
  ];
}

function unknownSize(disk: number, serving: Serving): Finding {
  const why = serving.size?.reason ?? "the command names no model";
  return doubt(
    "containerDiskInGb",
    safe`containerDiskInGb ${disk} cannot be checked: ${modelName(serving)} is downloaded to ${cachePlace(serving)}, on the container disk, but its size is unknown (${why}).`,
    safe`Set the size of the weights in the policy configuration: ${EXAMPLE_FIGURES}. Or mount a volume at the cache path.`,
  );
}

function neededGb({ size, cacheIsMounted }: Serving, options: DiskOptions): number | undefined {
  if (cacheIsMounted === true) {
    return options.besideCacheGb;
  }
  return size === undefined || size.diskGb === null ? undefined : enough(size.diskGb);
}
