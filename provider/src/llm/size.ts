/** What is asked: a model by its repository id, and whatever the user knows better than we do. */
export interface SizeQuery {
  /** The repository id on the hub, for example `"Qwen/Qwen3-30B-A3B"`; a pinned `@revision` is ignored. */
  readonly model: string;
  /** The precision of the stored weights, for example `"fp8"` or `"awq"`; by default what the model's name says. */
  readonly quantization?: string;
  /** The context length to hold, in tokens; by default the model's own where it is known. */
  readonly maxModelLen?: number;
  /** Billions of parameters, all experts counted. */
  readonly parametersB?: number;
  /** Size of the weights as downloaded, in decimal gigabytes. */
  readonly weightsGb?: number;
}

/** What a model needs, in decimal gigabytes; null is "not known", never "none". */
export interface ModelSize {
  readonly model: string;
  /** Where the figures come from: measured, the user's own, estimated from the name, or nowhere. */
  readonly basis: "table" | "user" | "name" | "unknown";
  readonly parametersB: number | null;
  /** The weights as the server downloads them. */
  readonly weightsGb: number | null;
  /** Space that the Hugging Face cache needs: weights, tokenizer, compile cache, slack. */
  readonly cacheGb: number | null;
  /** Container disk that would do if the cache lay on it. */
  readonly diskGb: number | null;
  /** Keys and values of one sequence of the asked length. */
  readonly kvCacheGb: number | null;
  /** Memory over all GPUs, of which the server may use nine tenths. */
  readonly gpuMemoryGb: number | null;
  readonly attentionHeads: number | null;
  /** Whether the hub asks for an account that accepted the model's terms. */
  readonly gated: boolean | null;
  /** Relative uncertainty of the figures; 0 for a measured size. */
  readonly margin: number;
  /** One sentence on how the size was found. */
  readonly reason: string;
}

/** What a model needs. Never throws; what cannot be known is null, and the reason says so. */
export function sizeModel(query: SizeQuery): ModelSize {
  return {
    model: query.model,
    basis: "unknown",
    parametersB: null,
    weightsGb: null,
    cacheGb: null,
    diskGb: null,
    kvCacheGb: null,
    gpuMemoryGb: null,
    attentionHeads: null,
    gated: null,
    margin: 0,
    reason: "",
  };
}
