import { safe } from "@runpod-stack/kit";
import { type Cloud, type GpuType, gpusFor, gpuType, type ModelSize } from "@runpod-stack/models";
import { isKnown, knownItems, UNKNOWN, wholeList } from "../known";
import { doubt, type Finding, ofPods, refusal, rule } from "../rule";
import { type Serving, servingOf } from "../serving";
import type { ContainerSpec } from "../spec";
import { basisOf, enumerate, gb, modelName } from "../words";

/** The share of the memory that servers use if they are not told, and that `gpuMemoryGb` reckons with. */
const DEFAULT_UTILIZATION = 0.9;
/** Servers that move to host memory what the GPU does not hold. */
const OFFLOADING = ["ollama", "llama.cpp", "koboldcpp"];

export const gpuMemory = rule({
  name: "gpu-memory",
  description: "Checks whether the GPUs hold the model at the configured context length.",
  severity: "high",
  level: "mandatory",
  why: 'A model that does not fit ends with "CUDA out of memory" after the whole download, at every start, on a billed GPU.',
  source:
    "vLLM docs, engine arguments; RunPod docs, references/gpu-types; weights measured per model in the size table",
  remediationSteps:
    "Choose GPUs that the message names, more of them with tensor parallelism, a shorter context, or a quantized model.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B"], gpuTypeIds: ["NVIDIA L4"]',
  check: ofPods((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    const types = wholeList(spec.gpuTypeIds);
    if (!isKnown(serving) || types === undefined || spec.gpuCount === UNKNOWN) return [];
    const { size } = serving;
    if (size === undefined || size.gpuMemoryGb === null) return [];
    const pool = { types, count: spec.gpuCount ?? 1, cloud: cloudOf(spec) };
    return tooLittle(pool, serving, size, size.gpuMemoryGb);
  }),
});

export const tensorParallel = rule({
  name: "tensor-parallel",
  description: "Checks whether the model is spread over exactly the GPUs that are rented.",
  severity: "medium",
  level: "mandatory",
  why: "More parts than GPUs, or a number that does not divide the attention heads, ends the server at once. Fewer parts leave GPUs idle that are paid for.",
  source: "vLLM docs, serving/parallelism_scaling",
  remediationSteps: "Set gpuCount and the server's tensor-parallel size to the same number.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B", "--tensor-parallel-size", "4"], gpuCount: 2',
  check: ofPods((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    const isGpuPod = spec.gpuTypeIds !== undefined;
    if (!isKnown(serving) || !isGpuPod || spec.gpuCount === UNKNOWN) return [];
    return badSpread(spec, serving, spec.gpuCount ?? 1);
  }),
});

export const gpuFallbacks = rule<{ readonly min: number }>({
  name: "gpu-fallbacks",
  description: "Checks whether other GPU types are named for when the first has no capacity.",
  severity: "low",
  level: "advisory",
  why: "Any single GPU type is out of stock at times, and the deployment then fails. The types are tried in order.",
  source: "RunPod REST API v2, createPod (400 without capacity)",
  remediationSteps: "Name more GPU types in gpuTypeIds, in the order in which to try them.",
  options: {
    min: { type: "number", default: 2, minimum: 1, description: "The least number of GPU types." },
  },
  example: 'gpuTypeIds: ["NVIDIA B200"]',
  check: ofPods((spec, { min }) => {
    if (!isKnown(spec.gpuTypeIds) || spec.gpuTypeIds.length >= min) return [];
    // Whoever sends such a body names the next type in another one.
    if (spec.takesOneGpuType) return [];
    const named = enumerate(knownItems(spec.gpuTypeIds)) || "none known yet";
    return [
      refusal(
        "gpuTypeIds",
        safe`gpuTypeIds must name ${min} types or more (it has ${named}): without another to fall back on, the deployment fails whenever there is no capacity.`,
        safe`Add types that hold the model too, in the order in which to try them; \`runpod-policies size <model>\` lists them.`,
      ),
    ];
  }),
});

export const allowedGpus = rule<{ readonly allowed: readonly string[] }>({
  name: "allowed-gpus",
  description: "Checks whether only GPU types of a configured list are used.",
  severity: "medium",
  level: "mandatory",
  why: "A team's budget or its contracts may limit what is rented.",
  source: "your own configuration",
  remediationSteps: "Use the GPU types that the message lists.",
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "The GPU types by RunPod's ids; any, while the list is empty.",
    },
  },
  example: 'gpuTypeIds: ["NVIDIA B200"] // allowed: ["NVIDIA L40S"]',
  check: ofPods((spec, { allowed }) => {
    if (allowed.length === 0) return [];
    const isAllowed = (id: string) => allowed.some((other) => normalised(other) === normalised(id));
    return knownItems(spec.gpuTypeIds)
      .filter((id) => !isAllowed(id))
      .map((id) =>
        refusal(
          "gpuTypeIds",
          safe`gpuTypeIds ${id} must be one of ${enumerate(allowed, "or")}, as these policies are configured.`,
          safe`Replace ${id} by one of these, or have it added to allowed-gpus.`,
        ),
      );
  }),
});

/** The GPUs that a pod asks for: so many of the first type that there is. */
interface Pool {
  readonly types: readonly string[];
  readonly count: number;
  readonly cloud: Cloud;
}

function tooLittle(
  { types, count, cloud }: Pool,
  serving: Serving,
  size: ModelSize,
  neededGb: number,
): Finding[] {
  const share = serving.command.gpuMemoryUtilization ?? DEFAULT_UTILIZATION;
  const known = types.map(gpuType).filter((type) => type !== undefined);
  const isShort = (type: GpuType) => type.memoryGb * count * share < neededGb * DEFAULT_UTILIZATION;
  const short = known.filter(isShort);
  if (short.length === 0) return [];
  const least = leastWeights(size, serving);
  const isHopeless =
    short.length === types.length && short.every(({ memoryGb }) => memoryGb * count < least);
  const tell = isHopeless ? refusal : doubt;
  const names = short.map(({ id, memoryGb }) => `${count} × ${id} (${gb(memoryGb * count)})`);
  return [
    tell(
      "gpuTypeIds",
      safe`gpuTypeIds ${enumerate(names)} must have ${gb(neededGb)} of memory or more: ${modelName(serving)} with ${contextOf(serving)} needs that (${basisOf(size)}), ${gb(size.weightsGb ?? 0)} of it for the weights.`,
      safe`${alternatives(cloud, size, neededGb)}Or shorten the context (--max-model-len), or serve a quantized model.`,
    ),
  ];
}

function cloudOf({ cloudType }: ContainerSpec): Cloud {
  return cloudType === "COMMUNITY" ? "COMMUNITY" : "SECURE";
}

function alternatives(cloud: Cloud, size: ModelSize, neededGb: number): string {
  const { attentionHeads } = size;
  const choices = gpusFor(neededGb, { cloud, attentionHeads }).slice(0, 3);
  if (choices.length === 0) return "";
  return `Use ${enumerate(
    choices.map(({ id, count }) => `${count} × ${id}`),
    "or",
  )}. `;
}

function contextOf({ command }: Serving): string {
  if (command.maxModelLen === null) return "its full context";
  return command.maxModelLen === 0 ? "a short context" : `${command.maxModelLen} tokens`;
}

/** What the weights take on the GPUs at the very least. */
function leastWeights(
  { basis, weightsGb, margin }: ModelSize,
  { command, server }: Serving,
): number {
  const offloads =
    OFFLOADING.includes(command.server) || /offload/.test((server.dockerStartCmd ?? []).join(" "));
  if (offloads || weightsGb === null) return 0;
  // A server may quantise while loading, at best to four bits of sixteen.
  const share = command.quantization === null ? 1 : 0.25;
  return weightsGb * share * (basis === "name" ? 1 - margin : 1);
}

function badSpread(spec: ContainerSpec, serving: Serving, count: number): Finding[] {
  const { tensorParallel: parts } = serving.command;
  const heads = serving.size?.attentionHeads ?? null;
  if (parts !== null && parts > count) {
    const message = safe`gpuCount ${count} must be ${parts} or more: the server spreads ${modelName(serving)} over ${parts} GPUs and ends if it finds fewer.`;
    return [
      refusal(
        "gpuCount",
        message,
        safe`Set gpuCount to ${parts}, or the tensor-parallel size to ${count}.`,
      ),
    ];
  }
  if (parts !== null && heads !== null && heads % parts !== 0) {
    const message = safe`dockerStartCmd spreads ${modelName(serving)} over ${parts} GPUs, which must divide its ${heads} attention heads.`;
    return [
      refusal("dockerStartCmd", message, safe`Use a tensor-parallel size that divides ${heads}.`),
    ];
  }
  if (parts === null || parts >= count || usesOtherGpus(spec)) return [];
  const message = safe`dockerStartCmd should spread ${modelName(serving)} over the ${count} GPUs of the pod: it uses ${parts}, and the others are paid for and idle.`;
  return [
    doubt(
      "dockerStartCmd",
      message,
      safe`Set the tensor-parallel size to ${count}, or gpuCount to ${parts}.`,
    ),
  ];
}

/** Whether the command divides the work in other ways, or takes its settings from elsewhere. */
function usesOtherGpus({ dockerStartCmd, env }: ContainerSpec): boolean {
  const words = knownItems(dockerStartCmd).flatMap((text) => text.split(/\s/));
  const isOther = (word: string) =>
    /^(?:-pp|-dp|--config|--[a-z-]*(?:pipeline|data|pp|dp))/.test(word);
  return !env.isWhole || words.some(isOther);
}

function normalised(id: string): string {
  return id.trim().replace(/\s+/g, " ");
}
