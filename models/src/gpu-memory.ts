import type { GpuSetup } from "./gpu-setup";
import { deviceGb, type GpuType } from "./gpus";
import { kvCacheGb } from "./kv-cache";
import type { ModelRow } from "./model-table";
import type { Weights } from "./weights";

/** What is to be held: a model and the context length, in tokens. */
export interface HeldModel extends Pick<Weights, "loadedGb" | "parametersB" | "shape"> {
  /** null for one that is not known. */
  readonly tokens: number | null;
}

/** What a server keeps on each GPU, in decimal gigabytes. */
export interface GpuNeed {
  readonly weightsGb: number;
  /** Keys and values of one sequence of the asked length; null where the attention shape is not known. */
  readonly kvCacheGb: number | null;
  /** Intermediate results, the server's own buffers and, over several GPUs, those between them. */
  readonly activationsGb: number;
  readonly cudaGraphsGb: number;
  readonly totalGb: number;
  /** What the server may use of the GPU. */
  readonly usableGb: number;
}

/**
 * The memory that a server needs on each of `gpus` GPUs of one type, counted as vLLM counts it when
 * it starts. The constants fit vLLM's logs of 50 starts from v0.19.0 to v0.24.0, on one to four
 * GPUs (docs/generated/memory.md). null where the size of the weights is not known.
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
    // Without the attention shape, the cache is taken for a tenth of the weights.
    totalGb: weights + (cache ?? 0.1 * weights) + activations + graphs,
    usableGb: deviceGb(gpu) * setup.utilization,
  };
}

/** How the GPUs share a model: each layer among `tensor`, the layers among `pipeline`. */
export interface Spread {
  readonly tensor: number;
  readonly pipeline: number;
}

/** The GPUs that hold one copy of the model, as the server is set up. */
export function spreadOver(gpus: number, { tensorParallel, pipelineParallel }: GpuSetup): Spread {
  const pipeline = Math.max(1, pipelineParallel);
  return { tensor: tensorParallel ?? Math.max(1, Math.floor(gpus / pipeline)), pipeline };
}

const GIB = 1024 ** 3 / 1e9;

/** A model's dimensions, estimated from its parameters where the table does not have them. */
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

/** What a server works on at a time. */
interface Load {
  readonly sequences: number;
  readonly batchedTokens: number;
}

/** vLLM's defaults: larger for GPUs from 70 GiB on, the A100 excepted. */
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
  // Routers, shared and vision parts of models with experts are copied to every GPU.
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
  // Every GPU keeps the whole of a compressed cache, and at least one head of any other.
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

/** CUDA's own memory, and what GPUs with fast links exchange their results in. */
function buffersGb({ id }: GpuType, { tensor }: Spread, { buffersGib }: GpuSetup): number {
  if (tensor === 1) {
    return buffersGib * GIB;
  }
  return (/SXM|HBM|NVL|H200|B[23]00/.test(id) ? 2.25 : 0.8) * GIB;
}
