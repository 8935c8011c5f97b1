import { type CacheOptions, kvCacheGb } from "../../../models/src/kv-cache";
import { findModel, type ModelRow } from "../../../models/src/model-table";

/** Bytes of the cache of one sequence. */
function bytes(id: string, tokens: number, options?: CacheOptions): number | null {
  const size = kvCacheGb(findModel(id) as ModelRow, tokens, options);
  return size === null ? null : Math.round(size * 1e9);
}

describe("The cache of keys and values", () => {
  test("has the heads of grouped queries only", () => {
    expect(bytes("meta-llama/Llama-2-7b-hf", 1)).toBe(32 * 32 * 128 * 2 * 2);
    expect(bytes("meta-llama/Llama-3.1-8B-Instruct", 1)).toBe(32 * 8 * 128 * 2 * 2);
  });

  test("has one latent per token and layer if the model compresses it", () => {
    // Kaito's own test gives 70,272 bytes a token for this model.
    expect(bytes("deepseek-ai/DeepSeek-V3.1", 1)).toBe(70_272);
    expect(bytes("mistralai/Mistral-Small-4-119B-2603", 1)).toBe(36 * 320 * 2);
  });

  test("stops growing in sliding layers, which are padded to groups of the full layers' size", () => {
    const perLayer = 16 * 128 * 2 * 2;
    // vLLM 0.19.0 logged 36,560 tokens in 19.53 GiB for this model: 70 layers of 62.
    expect(bytes("google/gemma-3-27b-it", 1000)).toBe(70 * perLayer * 1000);
    expect(bytes("google/gemma-3-27b-it", 100_000)).toBe(
      10 * perLayer * 100_000 + 60 * perLayer * 1024,
    );
    expect(bytes("mistralai/Mistral-7B-v0.1", 32_768)).toBe(32 * 8 * 128 * 2 * 2 * 4096);
  });

  test("includes the tokens being processed in sliding layers", () => {
    const perLayer = 8 * 64 * 2 * 2;
    expect(bytes("openai/gpt-oss-120b", 100_000, { batchedTokens: 8192 })).toBe(
      18 * perLayer * 100_000 + 18 * perLayer * (128 + 8192),
    );
  });

  test("counts only the full-attention layers of a hybrid, and the state of the others", () => {
    expect(bytes("Qwen/Qwen3.8-27B", 1000)).toBe(16 * 4 * 256 * 2 * 2 * 1060);
    expect(bytes("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16", 1000)).toBe(
      8 * 2 * 128 * 2 * 2 * 1060,
    );
  });

  test("takes half at 8 bits", () => {
    expect(bytes("Qwen/Qwen3-14B", 1, { bytesPerElement: 1 })).toBe(40 * 8 * 128 * 2);
  });

  test.each(["deepseek-ai/DeepSeek-V4-Flash", "google/gemma-4-31B-it", "zai-org/GLM-5.3-Flash"])(
    "of %s is unknown, because its shape does not determine it",
    (id) => {
      expect(bytes(id, 1000)).toBeNull();
    },
  );

  const plain = findModel("Qwen/Qwen3-14B") as ModelRow;

  test.each<[string, Partial<ModelRow>, number | null]>([
    ["heads", { kvHeads: null }, null],
    ["a width of heads", { headDim: null }, null],
    ["either", { kvHeads: null, headDim: null }, null],
    ["a number of growing layers", { fullLayers: null }, null],
    ["a number of layers", { layers: null }, 40 * 8 * 128 * 2 * 2],
    ["a window", { fullLayers: 20, slidingLayers: 20 }, 40 * 8 * 128 * 2 * 2],
    ["the rest of its layers", { fullLayers: 10, slidingLayers: 20 }, 30 * 8 * 128 * 2 * 2],
  ])("without %s is %j: %p", (_, shape, expected) => {
    const gb = kvCacheGb({ ...plain, ...shape }, 1);
    expect(gb && Math.round(gb * 1e9)).toBe(expected);
  });
});
