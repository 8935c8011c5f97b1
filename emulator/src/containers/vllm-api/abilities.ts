import { rowOf } from "../models";

/** What a model does: it answers, makes vectors of sentences, or scores pairs of them. */
export type Ability = "generate" | "embed" | "classify";

/**
 * What vLLM runs a model for: by `--runner` and `--convert`, or else by the model's class, of which only
 * the name is known here. Source: `_SUFFIX_TO_DEFAULTS` in vllm/config/model.py
 */
export function abilityOf(model: string, flags: ReadonlyMap<string, readonly string[]>): Ability {
  // Releases before 0.11 name the task instead.
  const task = flags.get("task")?.[0] ?? "auto";
  const runner = flags.get("runner")?.[0] ?? RUNNERS[task] ?? "auto";
  const convert = flags.get("convert")?.[0] ?? task;
  const own = RERANKER.test(model) ? "classify" : EMBEDDER.test(model) ? "embed" : "generate";
  if (runner === "generate" || (runner === "auto" && own === "generate")) {
    return "generate";
  }
  return convert === "classify" ||
    convert === "score" ||
    (convert !== "embed" && own === "classify")
    ? "classify"
    : "embed";
}

/** The tasks that the log lists. */
export const TASKS: Readonly<Record<Ability, readonly string[]>> = {
  generate: ["generate"],
  embed: ["token_embed", "embed"],
  classify: ["token_classify", "classify"],
};

/** How long the vectors of an embedding model are. */
export function embeddingSize(model: string): number {
  return (
    rowOf(model)?.hiddenSize ?? SIZES.find(([family]) => family.test(model))?.[1] ?? USUAL_SIZE
  );
}

/** Whether the model surely reads nothing but text; false if that is not known. */
export function isTextOnly(model: string): boolean {
  return TEXT_ONLY.test(model);
}

/** How many tokens the model's config.json counts; null if it was not read. */
export function knownVocabulary(model: string): number | null {
  return rowOf(model)?.vocabSize ?? null;
}

const RUNNERS: Readonly<Record<string, string>> = {
  generate: "generate",
  embed: "pooling",
  embedding: "pooling",
  classify: "pooling",
  score: "pooling",
  reward: "pooling",
};

const RERANKER =
  /^(?:BAAI\/bge-reranker-(?:base|large|v2-m3)$|cross-encoder\/|jinaai\/jina-reranker-)/i;
const EMBEDDER =
  /^(?:BAAI\/bge-(?!reranker|vl)|intfloat\/(?:multilingual-)?e5-|Qwen\/Qwen3-Embedding-|jinaai\/jina-embeddings-|google\/embeddinggemma-|sentence-transformers\/|thenlper\/gte-|Alibaba-NLP\/gte-|Snowflake\/snowflake-arctic-embed-|nomic-ai\/nomic-embed-text-|mixedbread-ai\/mxbai-embed-)/i;

/** `hidden_size` of each config.json on Hugging Face. */
const SIZES: readonly (readonly [RegExp, number])[] = [
  [/bge-small|e5-small|MiniLM-L6|gte-small/i, 384],
  [/bge-base|e5-base|mpnet-base|embeddinggemma|nomic-embed|gte-base/i, 768],
  [/e5-mistral|Qwen3-Embedding-8B/i, 4096],
  [/Qwen3-Embedding-4B/i, 2560],
];
/** Of BAAI/bge-m3, Qwen/Qwen3-Embedding-0.6B, and most models of their size. */
const USUAL_SIZE = 1024;

/** Families whose published repositories have no part for images or sound. */
const TEXT_ONLY =
  /^(?:Qwen\/Qwen(?:2\.5|3)-(?:\d|Coder|Next)|Qwen\/QwQ-32B|meta-llama\/(?:Meta-)?Llama-3(?:\.[13])?-\d|mistralai\/Mi[sx]tral-[78]|microsoft\/phi-4$|openai\/gpt-oss-|deepseek-ai\/DeepSeek-(?:R1|V3))/i;
