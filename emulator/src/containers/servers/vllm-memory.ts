import { isSince } from "../../core/versions";
import { deviceGib, GIB, type MemoryDemand, planMemory } from "../gpu";
import type { Model } from "../models";
import type { Gpu } from "../types";
import { givenNumber } from "./vllm-numbers";
import type { VllmOptions } from "./vllm-options";

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
  const { quantization, kvCacheDtype, dtype, tensorParallel, pipelineParallel, utilization } =
    options;
  const gpus = tensorParallel * pipelineParallel;
  const isQuantized = model.fullPrecision && quantization !== null;
  // Quantizing while loading shrinks the weights, but not the download.
  // Twice the bytes of the 16-bit types, in which repositories of full precision keep their weights.
  const precision = model.fullPrecision && !isQuantized && /^float(?:32)?$/.test(dtype) ? 2 : 1;
  const weightShare = !isQuantized ? precision : /bitsandbytes|4/.test(quantization) ? 0.3 : 0.55;
  const cacheShare = kvCacheDtype.startsWith("fp8") ? 0.5 : kvCacheDtype === "auto" ? precision : 1;
  // Every GPU has the routers and shared parts of a model with experts.
  const copied = model.dimensions.expert === null ? 0 : 0.0167;
  const cacheParts = Math.min(tensorParallel, model.dimensions.kvHeads);
  const batch = batchOf(gpu, options, version);
  const graphs = options.eager ? 0 : (0.1 + 0.01 * model.dimensions.layers) * (1e9 / GIB);
  const kvBytesPerToken =
    (model.kvBytesPerToken(maxModelLen) * cacheShare) / cacheParts / pipelineParallel;
  return {
    cacheGib: cacheGib(options, kvBytesPerToken, version),
    weightsGib: ((model.loadedGb * 1e9 * weightShare) / GIB) * (copied + (1 - copied) / gpus),
    kvBytesPerToken,
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

/** vLLM's defaults are larger on GPUs of at least 70 GiB, except the A100, and on those of 160 GiB. */
export function batchOf(gpu: Gpu, { flags }: VllmOptions, version: string): Batch {
  const isLargest = deviceGib(gpu) >= 160 && isSince(version, "0.29.0");
  const isLarge = deviceGib(gpu) >= 70 && !/A100/.test(gpu.id);
  const factor = flags.get("performance-mode")?.[0] === "throughput" ? 2 : 1;
  const sequences = isLarge ? 1024 : 256;
  const tokens = isLargest ? 16_384 : isLarge ? 8192 : 2048;
  return {
    sequences: givenNumber(flags, "max-num-seqs") ?? sequences * factor,
    tokens: givenNumber(flags, "max-num-batched-tokens") ?? tokens * factor,
  };
}

/** The longest context, in whole blocks, whose cache fits the GPU; 0 if none does. */
export function longestFit(
  model: Model,
  options: VllmOptions,
  gpu: Gpu,
  version: string,
  longest: number,
): number {
  const fits = (maxModelLen: number) => {
    const demand = memoryDemand(model, options, gpu, version, maxModelLen);
    return planMemory(gpu, { ...demand, maxModelLen }).fit === "ok";
  };
  if (fits(longest)) {
    return longest;
  }
  let [shorter, longer] = [0, Math.floor(longest / BLOCK) + 1];
  while (longer - shorter > 1) {
    const middle = Math.floor((shorter + longer) / 2);
    [shorter, longer] = fits(middle * BLOCK) ? [middle, longer] : [shorter, middle];
  }
  return shorter * BLOCK;
}

/** Tokens of a block of the cache, unless `--block-size` says otherwise. */
const BLOCK = 16;

/**
 * The size that the options give the cache; undefined if they do not. Since 0.24.0, the number of
 * blocks decides whether a request fits (vllm/v1/core/kv_cache_utils.py).
 */
function cacheGib(
  { flags }: VllmOptions,
  kvBytesPerToken: number,
  version: string,
): number | undefined {
  const blocks = givenNumber(flags, "num-gpu-blocks-override");
  if (blocks !== null && isSince(version, "0.24.0")) {
    const tokens = blocks * (givenNumber(flags, "block-size") ?? BLOCK);
    return (tokens * kvBytesPerToken) / GIB;
  }
  return (givenNumber(flags, "kv-cache-memory-bytes") ?? 0) / GIB || undefined;
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
  if (isSince(version, "0.24.0")) {
    return 6;
  }
  return isSince(version, "0.17.0") ? 12.5 : 36;
}

/** CUDA's own memory and the buffers for exchange between GPUs, which are larger with fast links. */
function buffersGib({ id }: Gpu, tensorParallel: number): number {
  if (tensorParallel === 1) {
    return 0.3;
  }
  return /SXM|HBM|NVL|H200|B[23]00/.test(id) ? 2.25 : 0.8;
}
