import { gpuNeed } from "./gpu-memory";
import { LATEST_VLLM } from "./gpu-setup";
import { gpuType } from "./gpus";
import { kvCacheGb } from "./kv-cache";
import { type SizeQuery, type Weights, weightsOf } from "./weights";

/** What a model needs, in decimal gigabytes; null is "not known", never "none". */
export interface ModelSize extends Weights {
  readonly model: string;
  /** Space that the Hugging Face cache needs: weights, tokenizer, compile cache, slack. */
  readonly cacheGb: number | null;
  /** Container disk that would do if the cache lay on it. */
  readonly diskGb: number | null;
  /** The context length that `kvCacheGb` and `gpuMemoryGb` hold, in tokens. */
  readonly tokens: number | null;
  /** Keys and values of one sequence of that length; null where the attention shape is not known. */
  readonly kvCacheGb: number | null;
  /** Memory of one GPU that holds the model, of which vLLM uses 92 percent; over several it is more. */
  readonly gpuMemoryGb: number | null;
  readonly attentionHeads: number | null;
  /** Whether the hub asks for an account that accepted the model's terms. */
  readonly gated: boolean | null;
}

/**
 * What a model needs: from the user's figures if given, else from the table of measured
 * repositories, else from the repository that it is a copy of, else estimated from the name. Never
 * throws; what cannot be known is null.
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

/** What else a server writes: logs, temporary files, packages. */
const DISK_BESIDES_CACHE_GB = 20;
/** Stands for all on which vLLM works on as much at a time. */
const LARGE_GPU = gpuType("NVIDIA H200");
const GATED_FAMILIES = /^(?:meta-llama\/|google\/gemma-[23]?(?:-|n-|\d{1,3}b))/i;

function tenths(value: number): number {
  return Math.ceil(value * 10) / 10;
}
