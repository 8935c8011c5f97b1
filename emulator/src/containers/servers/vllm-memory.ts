import { compareVersions } from "../../core/versions";
import { deviceGib, GIB, type MemoryDemand } from "../gpu";
import type { Model } from "../models";
import type { Gpu } from "../types";
import type { VllmOptions } from "./vllm-options";
import { humanNumber } from "./vllm-values";

/**
 * What a vLLM of this release needs on each GPU. The constants are fitted to the memory that vLLM
 * 0.19 and 0.24 logged at their start (docs/generated/memory.md).
 */
export function memoryDemand(
  model: Model,
  options: VllmOptions,
  gpu: Gpu,
  version: string,
  maxModelLen: number,
): Omit<MemoryDemand, "maxModelLen"> {
  const { quantization, kvCacheDtype, tensorParallel, pipelineParallel, utilization } = options;
  const gpus = tensorParallel * pipelineParallel;
  const isQuantized = model.fullPrecision && quantization !== null;
  // Quantizing while loading shrinks the weights, but not the download.
  const weightShare = !isQuantized ? 1 : /bitsandbytes|4/.test(quantization) ? 0.3 : 0.55;
  const cacheShare = kvCacheDtype.startsWith("fp8") ? 0.5 : 1;
  // Every GPU has the routers and shared parts of a model with experts.
  const copied = model.dimensions.expert === null ? 0 : 0.0167;
  const cacheParts = Math.min(tensorParallel, model.dimensions.kvHeads);
  const batch = batchOf(gpu, options);
  const graphs = options.eager ? 0 : (0.1 + 0.01 * model.dimensions.layers) * (1e9 / GIB);
  return {
    weightsGib: ((model.loadedGb * 1e9 * weightShare) / GIB) * (copied + (1 - copied) / gpus),
    kvBytesPerToken:
      (model.kvBytesPerToken(maxModelLen) * cacheShare) / cacheParts / pipelineParallel,
    utilization,
    otherGib:
      activationBytes(model, batch, tensorParallel, version) / GIB +
      buffersGib(gpu, tensorParallel) +
      graphs,
  };
}

/** Sequences and tokens that are processed at a time. */
export interface Batch {
  sequences: number;
  tokens: number;
}

/** vLLM's defaults are larger on GPUs of at least 70 GiB, except the A100. */
export function batchOf(gpu: Gpu, { flags }: VllmOptions): Batch {
  const isLarge = deviceGib(gpu) >= 70 && !/A100/.test(gpu.id);
  const given = (name: string) => humanNumber(flags.get(name)?.[0] ?? "");
  return {
    sequences: given("max-num-seqs") ?? (isLarge ? 1024 : 256),
    tokens: given("max-num-batched-tokens") ?? (isLarge ? 8192 : 2048),
  };
}

/** The larger of two peaks: sampling over the whole vocabulary, and the widest layer. */
function activationBytes(
  { dimensions }: Model,
  { sequences, tokens }: Batch,
  tensorParallel: number,
  version: string,
): number {
  const { hidden, vocabulary, intermediate, expert } = dimensions;
  const experts =
    expert === null
      ? 0
      : 2 *
        expert.perToken *
        (Math.max((2 * expert.size) / tensorParallel, hidden) + expert.size / tensorParallel);
  const sampling = sequences * vocabulary * samplerBytes(version);
  const layer = tokens * ((6 * intermediate) / tensorParallel + 9 * hidden);
  return Math.max(sampling + tokens * (2.5 * hidden + experts), layer);
}

/** Bytes for each sequence and token of the vocabulary while sampling. */
function samplerBytes(version: string): number {
  if (compareVersions(version, "0.24.0") >= 0) {
    return 6;
  }
  return compareVersions(version, "0.17.0") >= 0 ? 12.5 : 36;
}

/** CUDA's own memory and the buffers for exchange between GPUs, which are larger with fast links. */
function buffersGib({ id }: Gpu, tensorParallel: number): number {
  if (tensorParallel === 1) {
    return 0.3;
  }
  return /SXM|HBM|NVL|H200|B[23]00/.test(id) ? 2.25 : 0.8;
}
