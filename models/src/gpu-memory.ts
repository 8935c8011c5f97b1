import type { GpuSetup } from "./gpu-setup";
import { deviceGb, type GpuType } from "./gpus";
import { kvCacheGb } from "./kv-cache";
import type { ModelRow } from "./model-table";
import type { Weights } from "./weights";

/** A model that must fit in GPU memory, with its context length. */
export interface HeldModel extends Pick<Weights, "loadedGb" | "parametersB" | "shape"> {
  /** Context length in tokens; null if not known. */
  readonly tokens: number | null;
}

/** Memory that a server needs on each GPU, in decimal gigabytes. */
export interface GpuNeed {
  readonly weightsGb: number;
  /** KV cache for one sequence of the given length; null if the attention shape is not known. */
  readonly kvCacheGb: number | null;
  /** Intermediate results and the server's buffers, including those for exchange between GPUs. */
  readonly activationsGb: number;
  readonly cudaGraphsGb: number;
  readonly totalGb: number;
  /** GPU memory that the server may use. */
  readonly usableGb: number;
}

/**
 * The memory that a server needs on each of `gpus` GPUs of one type, calculated as vLLM does at
 * startup. The constants are fitted to vLLM's logs of 50 starts from v0.19.0 to v0.24.0, on one to
 * four GPUs (docs/generated/memory.md). null if the size of the weights is not known.
 */
export function gpuNeed(
  size: HeldModel,
  gpu: GpuType,
  gpus: number,
  setup: GpuSetup,
): GpuNeed | null {
  if (size.loadedGb === null) {
    return null;
  }
  const spread = spreadOver(gpus, setup);
  const shape = shapeOf(size);
  const load = { ...loadOf(gpu, setup), bytesPerElement: setup.kvCacheBytes };
  const weights = weightsOnEach(size.loadedGb, shape, spread, setup);
  const cache = cacheOnEach(size, spread, load);
  const activations = setup.countsActivations
    ? activationsGb(shape, spread, load, setup) + buffersGb(gpu, spread, setup)
    : 0;
  const graphs = setup.countsGraphs ? 0.1 + 0.01 * shape.layers : 0;
  return {
    weightsGb: weights,
    kvCacheGb: cache,
    activationsGb: activations,
    cudaGraphsGb: graphs,
    // Without the attention shape, assume that the cache is a tenth of the weights.
    totalGb: weights + (cache ?? 0.1 * weights) + activations + graphs,
    usableGb: deviceGb(gpu) * setup.utilization,
  };
}

/** How GPUs share a model: each layer is split over `tensor` GPUs, the layers over `pipeline` stages. */
export interface Spread {
  readonly tensor: number;
  readonly pipeline: number;
}

/** How the GPUs share one copy of the model with this setup. */
export function spreadOver(gpus: number, { tensorParallel, pipelineParallel }: GpuSetup): Spread {
  const pipeline = Math.max(1, pipelineParallel);
  return { tensor: tensorParallel ?? Math.max(1, Math.floor(gpus / pipeline)), pipeline };
}

const GIB = 1024 ** 3 / 1e9;

/** A model's dimensions, estimated from its parameters if the table does not have them. */
type Shape = ReturnType<typeof shapeOf>;

function shapeOf({ shape, parametersB }: HeldModel) {
  const hidden = shape?.hiddenSize ?? 2048 * Math.cbrt(parametersB ?? 8);
  return {
    hidden,
    vocab: shape?.vocabSize ?? 152_064,
    layers: shape?.layers ?? 48,
    intermediate: shape?.intermediateSize ?? 4 * hidden,
    experts: expertsOf(shape),
    // The kernels for MXFP4 need no extra buffers.
    buffersExperts: shape?.quantization !== "mxfp4",
  };
}

function expertsOf(shape: ModelRow | null) {
  const { expertSize, expertsPerToken } = shape ?? {};
  if (!expertSize || !expertsPerToken) {
    return null;
  }
  return { size: expertSize, perToken: expertsPerToken };
}

/** What a server processes at a time. */
interface Load {
  readonly sequences: number;
  readonly batchedTokens: number;
}

/** vLLM's defaults, which are larger for GPUs of at least 70 GiB, except the A100. */
function loadOf(gpu: GpuType, { maxNumSeqs, maxNumBatchedTokens }: GpuSetup): Load {
  const isLarge = deviceGb(gpu) >= 70 * GIB && !/A100/.test(gpu.id);
  return {
    sequences: maxNumSeqs ?? (isLarge ? 1024 : 256),
    batchedTokens: maxNumBatchedTokens ?? (isLarge ? 8192 : 2048),
  };
}

function weightsOnEach(
  loadedGb: number,
  { vocab, hidden, experts }: Shape,
  { tensor, pipeline }: Spread,
  { offloadedGb, expertGpus }: GpuSetup,
): number {
  // The first and the last stage also hold the embeddings.
  const embeddings = (vocab * hidden * 2) / 1e9;
  const stage =
    pipeline === 1
      ? loadedGb
      : Math.max(loadedGb / pipeline, (loadedGb - 2 * embeddings) / pipeline + embeddings);
  // In models with experts, routers, shared parts and vision parts are copied to every GPU.
  const copied = experts === null ? 0 : 0.0167;
  const parts = Math.max(tensor, expertGpus);
  return Math.max(0, stage * (copied + (1 - copied) / parts) - (offloadedGb ?? 0));
}

function cacheOnEach(
  { shape, tokens }: HeldModel,
  { tensor, pipeline }: Spread,
  options: Load & { readonly bytesPerElement: number },
): number | null {
  if (tokens === 0) {
    return 0;
  }
  if (shape === null || tokens === null) {
    return null;
  }
  const whole = kvCacheGb(shape, tokens, options);
  // Every GPU keeps all of a compressed cache, and at least one head of an uncompressed one.
  const shares = shape.latentDim === null ? Math.min(tensor, shape.kvHeads ?? 1) : 1;
  return whole === null ? null : whole / shares / pipeline;
}

/** The larger of two peaks: the sampler's, over the whole vocabulary, and the widest layer's. */
function activationsGb(
  { hidden, vocab, intermediate, experts, buffersExperts }: Shape,
  { tensor }: Spread,
  { sequences, batchedTokens }: Load,
  { samplerBytes }: GpuSetup,
): number {
  const expertBuffers =
    experts === null || !buffersExperts
      ? 0
      : 2 *
        experts.perToken *
        (Math.max((2 * experts.size) / tensor, hidden) + experts.size / tensor);
  const sampler = sequences * vocab * samplerBytes + batchedTokens * (2.5 * hidden + expertBuffers);
  const layer = batchedTokens * ((6 * intermediate) / tensor + 9 * hidden);
  return Math.max(sampler, layer) / 1e9;
}

/** CUDA's own memory and the buffers for exchange between GPUs, which are larger with fast links. */
function buffersGb({ id }: GpuType, { tensor }: Spread, { buffersGib }: GpuSetup): number {
  if (tensor === 1) {
    return buffersGib * GIB;
  }
  return (/SXM|HBM|NVL|H200|B[23]00/.test(id) ? 2.25 : 0.8) * GIB;
}
