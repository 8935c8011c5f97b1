import { gpuNeed } from "./gpu-memory";
import { LATEST_VLLM } from "./gpu-setup";
import { gpuType } from "./gpus";
import { kvCacheGb } from "./kv-cache";
import { type SizeQuery, type Weights, weightsOf } from "./weights";

/** What a model needs, in decimal gigabytes; null means "not known", never "none". */
export interface ModelSize extends Weights {
  readonly model: string;
  /** Space that the Hugging Face cache needs: weights, tokenizer, compile cache and headroom. */
  readonly cacheGb: number | null;
  /** Container disk size that is enough if the cache is on it. */
  readonly diskGb: number | null;
  /** The context length that `kvCacheGb` and `gpuMemoryGb` allow for, in tokens. */
  readonly tokens: number | null;
  /** KV cache for one sequence of that length; null if the attention shape is not known. */
  readonly kvCacheGb: number | null;
  /** Memory that a single GPU needs for the model, of which vLLM uses 92 percent. Several GPUs need more in total. */
  readonly gpuMemoryGb: number | null;
  readonly attentionHeads: number | null;
  /** Whether downloads need an account that has accepted the model's terms. */
  readonly gated: boolean | null;
}

/**
 * Calculates what a model needs. Uses the query's own figures if given, otherwise the table of
 * measured repositories, otherwise the repository that the model is a copy of, otherwise an estimate
 * from the name. Values that are not known are null. Never throws.
 *
 * @example
 * sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen: 32768 }) // basis "table", 65.52 GB of weights
 * sizeModel({ model: "unsloth/Qwen3-32B-GGUF:Q8_0" }) // basis "base", 36.1 GB, margin 0.2
 * sizeModel({ model: "acme/Chat-13B" }) // basis "name", 27.3 GB, margin 0.5
 * sizeModel({ model: "acme/chat-large" }) // basis "unknown"
 */
export function sizeModel(query: SizeQuery): ModelSize {
  const weights = weightsOf(query);
  const { shape } = weights;
  const given = query.maxModelLen;
  const isLength = given !== undefined && Number.isFinite(given) && given >= 0;
  const tokens = isLength ? given : (shape?.maxPosition ?? null);
  const need = weights.weightsGb === null ? null : weights.weightsGb * 1.1 + 5;
  const size = {
    ...weights,
    model: query.model,
    cacheGb: need === null ? null : tenths(need),
    diskGb: need === null ? null : Math.ceil(need + DISK_BESIDES_CACHE_GB),
    tokens,
    kvCacheGb: shape && tokens !== null ? kvCacheGb(shape, tokens) : null,
    gpuMemoryGb: null,
    attentionHeads: shape?.attentionHeads ?? null,
    gated: shape?.gated ?? (GATED_FAMILIES.test(query.model) ? true : null),
  };
  const onOne = LARGE_GPU && gpuNeed(size, LARGE_GPU, 1, LATEST_VLLM);
  return onOne ? { ...size, gpuMemoryGb: tenths(onOne.totalGb / LATEST_VLLM.utilization) } : size;
}

/** Room for everything else a server writes: logs, temporary files, packages. */
const DISK_BESIDES_CACHE_GB = 20;
/** Represents all GPUs on which vLLM processes equally large batches. */
const LARGE_GPU = gpuType("NVIDIA H200");
const GATED_FAMILIES = /^(?:meta-llama\/|google\/gemma-[23]?(?:-|n-|\d{1,3}b))/i;

function tenths(value: number): number {
  return Math.ceil(value * 10) / 10;
}
