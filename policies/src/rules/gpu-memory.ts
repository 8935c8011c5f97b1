import { type Safe, safe } from "@runpod-stack/kit";
import {
  type Cloud,
  type GpuChoice,
  type GpuNeed,
  type GpuSetup,
  type GpuType,
  gpuNeed,
  gpusFor,
  gpuType,
  type ModelSize,
  type ServerKind,
  serverlessPool,
  spreadOver,
} from "@runpod-stack/models";
import { isKnown, knownItems, UNKNOWN, wholeList } from "../known";
import { doubt, type Finding, ofDeployments, refusal, refusalIf, rule } from "../rule";
import { type Serving, servingOf } from "../serving";
import type { ContainerSpec } from "../spec";
import { basisOf, enough, enumerate, gb, modelName, percent } from "../words";

export const gpuMemory = rule({
  name: "gpu-memory",
  description: "Checks whether the model fits in GPU memory at the configured context length.",
  severity: "high",
  level: "mandatory",
  why: 'A model that does not fit fails with "CUDA out of memory" at every start, after the whole download and on a billed GPU.',
  source:
    "vLLM docs, engine arguments; RunPod docs, references/gpu-types; memory that vLLM reports at startup, docs/generated/memory.md",
  remediationSteps:
    "Use the GPU types in the message, more GPUs with tensor parallelism, a shorter context, or a quantized model.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B"], gpuTypeIds: ["NVIDIA L4"]',
  check: ofDeployments((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    const types = wholeList(spec.gpuTypeIds);
    if (!isKnown(serving) || types === undefined || spec.gpuCount === UNKNOWN) {
      return [];
    }
    const { served } = serving;
    if (served === undefined) {
      return [];
    }
    return tooLittle(types, spec.gpuCount ?? 1, spec, serving, served);
  }),
});

export const tensorParallel = rule({
  name: "tensor-parallel",
  description: "Checks whether the model is spread over exactly the rented GPUs.",
  severity: "medium",
  level: "mandatory",
  why: "The server exits at startup if there are more parts than GPUs, or if the number of parts does not divide the attention heads. If there are fewer parts than GPUs, some billed GPUs are idle.",
  source: "vLLM docs, serving/parallelism_scaling",
  remediationSteps: "Set gpuCount and the server's tensor-parallel size to the same number.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["Qwen/Qwen3.8-27B", "--tensor-parallel-size", "4"], gpuCount: 2',
  check: ofDeployments((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    const hasGpus = spec.gpuTypeIds !== undefined;
    if (!isKnown(serving) || !hasGpus || spec.gpuCount === UNKNOWN) {
      return [];
    }
    return badSpread(spec, serving, spec.gpuCount ?? 1);
  }),
});

/** A GPU type that is too small, and by how much. */
interface Short {
  readonly gpu: GpuType;
  readonly need: GpuNeed;
}

function tooLittle(
  types: readonly string[],
  count: number,
  spec: ContainerSpec,
  serving: Serving,
  served: ModelSize,
): Finding[] {
  const { setup } = serving;
  // Machines of an unknown number have at least the GPUs of this one.
  const gpus = count * (setup.nodes ?? 1);
  const short: Short[] = [];
  for (const gpu of types.map(gpuType)) {
    const need = gpu && gpuNeed(served, gpu, gpus, setup);
    if (gpu && need && need.totalGb > need.usableGb) {
      short.push({ gpu, need });
    }
  }
  const [worst] = [...short].sort((a, b) => b.need.totalGb - a.need.totalGb);
  if (worst === undefined) {
    return [];
  }
  const isCertain =
    short.length === types.length && short.every(({ need }) => cannotHold(need, served, setup));
  const must = isCertain ? "must" : "should";
  const names = short.map(({ gpu: { id, memoryGb } }) => `${count} × ${id} (${gb(memoryGb)})`);
  const needed = enough(worst.need.totalGb / setup.utilization);
  return [
    refusalIf(
      isCertain,
      "gpuTypeIds",
      safe`gpuTypeIds ${enumerate(names)} ${must} have ${needed} GB or more on each GPU: ${modelName(serving)} with ${contextOf(serving)} needs ${partsOf(worst.need, served)} per GPU, and the server may use ${percent(setup.utilization)} of a GPU's memory${usedOf(gpus, setup)}.`,
      safe`${alternatives(spec, served, setup)} the context${lengthOption(serving)}, or serve a quantized model.`,
    ),
  ];
}

/** Whether the weights alone do not fit, even with their margin. Offloaded weights may fit. */
function cannotHold(need: GpuNeed, { margin }: ModelSize, { offloadedGb }: GpuSetup): boolean {
  return offloadedGb !== null && need.weightsGb * (1 - margin) > need.usableGb;
}

/** "55.6 GB of weights (measured), 1.1 GB of KV cache and 2.1 GB for activations and CUDA graphs". */
function partsOf(need: GpuNeed, served: ModelSize): string {
  const { weightsGb, kvCacheGb, activationsGb, cudaGraphsGb } = need;
  return enumerate([
    `${gb(weightsGb)} of weights (${basisOf(served)})`,
    ...(kvCacheGb === null ? [] : [`${gb(kvCacheGb)} of KV cache`]),
    `${gb(activationsGb + cudaGraphsGb)} for activations and CUDA graphs`,
  ]);
}

function usedOf(gpus: number, setup: GpuSetup): string {
  const { tensor, pipeline } = spreadOver(gpus, setup);
  return tensor * pipeline < gpus
    ? `, and spreads the model over ${tensor * pipeline} of ${gpus} GPUs`
    : "";
}

function cloudOf({ cloudType }: ContainerSpec): Cloud {
  return cloudType === "COMMUNITY" ? "COMMUNITY" : "SECURE";
}

function alternatives(spec: ContainerSpec, served: ModelSize, setup: GpuSetup): string {
  const isOffered = ({ id }: GpuChoice) => !spec.isServerless || serverlessPool(id) !== undefined;
  const all = gpusFor(served, { cloud: cloudOf(spec), setup });
  const choices = all.filter(isOffered).slice(0, 3);
  if (choices.length === 0) {
    return "Shorten";
  }
  const names = choices.map(({ id, count }) => `${count} × ${id}`);
  const isSpread = setup.tensorParallel !== null && choices.some(({ count }) => count > 1);
  return `Use ${enumerate(names, "or")}${isSpread ? ", with that number as the tensor-parallel size" : ""}. Or shorten`;
}

/** The option or variable that sets each server's context length. */
const LENGTHS: Readonly<Partial<Record<ServerKind, string>>> = {
  vllm: "--max-model-len",
  sglang: "--context-length",
  tgi: "--max-total-tokens",
  "llama.cpp": "--ctx-size",
  ollama: "env OLLAMA_CONTEXT_LENGTH",
  "worker-vllm": "env MAX_MODEL_LEN",
};

function lengthOption({ command }: Serving): Safe {
  const option = LENGTHS[command.server];
  return option === undefined ? safe`` : safe` (${option})`;
}

function contextOf({ command }: Serving): string {
  if (command.maxModelLen === null) {
    return "its full context";
  }
  return command.maxModelLen === 0
    ? "a short context"
    : `a context of ${command.maxModelLen} tokens`;
}

function badSpread(spec: ContainerSpec, serving: Serving, count: number): Finding[] {
  const { setup } = serving;
  const parts = setup.tensorParallel;
  const heads = serving.served?.attentionHeads ?? null;
  const needed = (parts ?? 1) * setup.pipelineParallel;
  if (parts !== null && setup.nodes !== null && needed > count * setup.nodes) {
    const message = safe`gpuCount ${count} must be ${needed} or more: the server spreads ${modelName(serving)} over ${needed} GPUs and exits if it finds fewer.`;
    return [
      refusal(
        "gpuCount",
        message,
        safe`Set gpuCount to ${needed}, or the tensor-parallel size to ${count}.`,
      ),
    ];
  }
  if (parts !== null && heads !== null && heads % parts !== 0) {
    const message = safe`dockerStartCmd must spread ${modelName(serving)} over a number of GPUs that divides its ${heads} attention heads, not over ${parts}.`;
    return [
      refusal("dockerStartCmd", message, safe`Use a tensor-parallel size that divides ${heads}.`),
    ];
  }
  if (parts === null || parts >= count || usesOtherGpus(spec)) {
    return [];
  }
  const message = safe`dockerStartCmd should spread ${modelName(serving)} over all ${count} GPUs of the ${spec.isServerless ? "worker" : "pod"}: it uses ${parts}, and the others are billed but idle.`;
  return [
    doubt(
      "dockerStartCmd",
      message,
      safe`Set the tensor-parallel size to ${count}, or gpuCount to ${parts}.`,
    ),
  ];
}

/** Whether the command divides the work in another way, or is configured elsewhere. */
function usesOtherGpus({ dockerStartCmd, env }: ContainerSpec): boolean {
  const words = knownItems(dockerStartCmd).flatMap((text) => text.split(/\s/));
  const isOther = (word: string) =>
    /^(?:-pp|-dp|--config|--nnodes|--[a-z-]*(?:pipeline|data|pp|dp))/.test(word);
  return !env.isWhole || words.some(isOther);
}
