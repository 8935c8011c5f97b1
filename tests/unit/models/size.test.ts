import { sizeModel } from "../../../models/src";
import { weightsFromName } from "../../../models/src/weights";
import measured from "./fixtures/measured-models.json";

describe("A model's size", () => {
  test.each(measured)("of $id is exact, from the table", (row) => {
    expect(sizeModel({ model: row.id })).toMatchObject({
      basis: "table",
      margin: 0,
      weightsGb: row.weights_gb,
      parametersB: row.total_params_b,
    });
  });

  test("covers cache, disk, length and GPU memory", () => {
    expect(sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen: 32_768 })).toMatchObject({
      model: "Qwen/Qwen3-32B",
      basis: "table",
      parametersB: 32.762123264,
      weightsGb: 65.524246528,
      loadedGb: 65.524246528,
      cacheGb: 77.1,
      diskGb: 98,
      tokens: 32_768,
      kvCacheGb: (64 * 8 * 128 * 2 * 2 * 32_768) / 1e9,
      gpuMemoryGb: 83.6,
      attentionHeads: 64,
      gated: null,
      margin: 0,
      reason:
        "Measured: the repository's weights take 65.5 GB (32.8 billion parameters, bfloat16).",
    });
  });

  test("uses the model's own length by default, and no length with 0", () => {
    const own = sizeModel({ model: "Qwen/Qwen3-32B" });
    expect(own).toEqual(sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen: 40_960 }));
    expect(sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen: 0 }).kvCacheGb).toBe(0);
    for (const maxModelLen of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(sizeModel({ model: "Qwen/Qwen3-32B", maxModelLen })).toEqual(own);
    }
    const unknown = sizeModel({ model: "acme/Chat-13B", maxModelLen: 1000 });
    expect(unknown).toMatchObject({ tokens: 1000, kvCacheGb: null });
  });

  test("loads 32-bit weights at 16 bits", () => {
    const size = sizeModel({ model: "nvidia/Nemotron-Orchestrator-8B" });
    expect(size.weightsGb).toBe(32.76);
    expect(size.gpuMemoryGb).toBeLessThan(24);
  });

  test("uses the user's figures instead of the table's", () => {
    expect(sizeModel({ model: "Qwen/Qwen3-32B", weightsGb: 10 })).toMatchObject({
      basis: "user",
      weightsGb: 10,
      cacheGb: 16,
      diskGb: 36,
      margin: 0,
      attentionHeads: 64,
      reason: "Given: the weights take 10 GB.",
    });
    expect(sizeModel({ model: "acme/chat-large", parametersB: 13 })).toMatchObject({
      basis: "user",
      weightsGb: 27.3,
      reason: "Computed from the given 13 billion parameters at 16 bits.",
    });
  });

  test("is estimated from the name of a model that the table does not have, with a margin", () => {
    expect(sizeModel({ model: "acme/Chat-13B" })).toMatchObject({
      basis: "name",
      parametersB: 13,
      weightsGb: 27.3,
      kvCacheGb: null,
      margin: 0.5,
      reason:
        "Estimated from the name: 13 billion parameters at 16 bits (assumed: the name gives no precision).",
    });
    expect(sizeModel({ model: "acme/Chat-13B-AWQ" })).toMatchObject({
      margin: 0.3,
      reason: "Estimated from the name: 13 billion parameters at 4 bits.",
    });
  });

  test.each([
    ["acme/chat-large", "The name gives no size: set parametersB or weightsGb."],
    [
      "acme/Chat-A13B",
      "The name gives only the active parameters, not the stored ones: set parametersB or weightsGb.",
    ],
    [
      "unsloth/Chat-13B-GGUF",
      "The repository has files of several sizes, and the name does not choose one: set parametersB or weightsGb.",
    ],
    [
      "acme/Chat-13B-lora-french",
      "This is an adapter, and its name gives only the size of the adapted model: set parametersB or weightsGb.",
    ],
    [
      "yuhuili/EAGLE3-LLaMA3.1-Instruct-8B",
      "This is a draft model, and its name gives only the size of the model it drafts for: set parametersB or weightsGb.",
    ],
    [
      "Wan-AI/Wan2.1-I2V-14B-480P",
      "The repository has several models, such as encoders, and the name gives the size of at most one: set parametersB or weightsGb.",
    ],
  ])("of %s stays unknown, and says why", (model, reason) => {
    expect(sizeModel({ model })).toEqual({
      model,
      basis: "unknown",
      parametersB: null,
      weightsGb: null,
      loadedGb: null,
      shape: null,
      tokens: null,
      cacheGb: null,
      diskGb: null,
      kvCacheGb: null,
      gpuMemoryGb: null,
      attentionHeads: null,
      gated: null,
      margin: 0,
      reason,
    });
  });

  test("that is quantized while loading saves GPU memory but no download", () => {
    const plain = sizeModel({ model: "Qwen/Qwen3-32B" });
    const online = sizeModel({ model: "Qwen/Qwen3-32B", quantization: "fp8" });
    expect(online.weightsGb).toBe(plain.weightsGb);
    expect(online.diskGb).toBe(plain.diskGb);
    expect(online.gpuMemoryGb).toBeLessThan((plain.gpuMemoryGb ?? 0) * 0.7);
    expect(sizeModel({ model: "Qwen/Qwen3-32B-AWQ", quantization: "fp8" })).toEqual(
      sizeModel({ model: "Qwen/Qwen3-32B-AWQ" }),
    );
  });

  test("with a method that expects quantized weights is that of quantized weights", () => {
    expect(sizeModel({ model: "acme/Chat-13B", quantization: "awq_marlin" })).toMatchObject({
      weightsGb: sizeModel({ model: "acme/Chat-13B-AWQ" }).weightsGb,
      margin: 0.3,
    });
    expect(
      sizeModel({ model: "acme/Chat-13B-GGUF", quantization: "Q4_K_M" }).weightsGb,
    ).toBeCloseTo(8.19);
  });

  test.each([
    // Sizes as downloaded or loaded, from the hub's file listings and from vLLM's logs.
    ["RedHatAI/Llama-3.3-70B-Instruct-fp8-dynamic", 72.8],
    ["RedHatAI/Qwen2.5-7B-Instruct-fp8-dynamic", 8.74],
    ["RedHatAI/Mistral-Small-3.1-24B-Instruct-2503-quantized.w8a8", 25.8],
    ["RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16", 5.78],
    ["unsloth/Llama-3.3-70B-Instruct-bnb-4bit", 39.5],
    ["unsloth/Llama-3.3-70B-Instruct-GGUF:Q8_0", 75],
    ["turboderp/Qwen3-32B-exl3@4.0bpw", 17.5],
    ["acme/Qwen3-32B-4.0bpw-h6-exl2", 17.5],
    ["acme/Qwen3-32B-exl2@4_0", 17.5],
    ["google/gemma-3-12b-it-qat-int4-unquantized", 24.4],
    ["nvidia/DeepSeek-R1-FP4", 424],
    ["unsloth/Qwen3-14B", 29.5],
    ["Qwen/Qwen3-Coder-Next-FP8", 82],
  ])("of the copy %s is computed from the repository that it is a copy of", (model, gb) => {
    const size = sizeModel({ model });
    expect(size.basis).toBe("base");
    expect(Math.abs((size.weightsGb ?? 0) / gb - 1)).toBeLessThan(0.1);
    expect(Math.abs((size.weightsGb ?? 0) - gb)).toBeLessThan(size.margin * gb);
    expect(size.attentionHeads).not.toBeNull();
  });

  test.each([
    ["llama3.3:70b", 43],
    ["qwen3:32b", 20],
    ["gemma3:27b", 17],
    ["gpt-oss:120b", 65],
    ["qwen3-coder:30b", 19],
    ["deepseek-r1:671b", 404],
  ])("of Ollama's %s uses its usual quantization", (model, gb) => {
    const size = sizeModel({ model, quantization: "Q4_K_M" });
    expect(Math.abs((size.weightsGb ?? 0) / gb - 1)).toBeLessThan(0.1);
  });

  test.each([
    ["microsoft/bitnet-b1.58-2B-4T", 1.18],
    ["acme/Chat-70B-FP8", 72.8],
    ["acme/Chat-32B-MXFP8", 34.5],
  ])("of %s follows its name", (model, gb) => {
    const size = sizeModel({ model });
    expect(size.basis).toBe("name");
    expect(Math.abs((size.weightsGb ?? 0) - gb)).toBeLessThan(size.margin * gb);
  });

  test("of a rounded published count has a margin", () => {
    expect(sizeModel({ model: "zai-org/GLM-5.1" })).toMatchObject({ basis: "table", margin: 0.1 });
    expect(sizeModel({ model: "zai-org/GLM-5.1-FP8" })).toMatchObject({ basis: "base" });
  });

  test("recognizes gated families that are not in the table", () => {
    expect(sizeModel({ model: "meta-llama/Llama-9-8B" }).gated).toBe(true);
    for (const name of ["3-27b-pt", "3n-E2B", "2-9b", "7b-it", "12b-it", "127b-it"]) {
      expect(sizeModel({ model: `google/gemma-${name}` }).gated).toBe(true);
    }
    expect(sizeModel({ model: "/models/meta-llama/Llama-9-8B" }).gated).toBeNull();
    expect(sizeModel({ model: "google/gemma-4-27b-pt" }).gated).toBeNull();
    expect(sizeModel({ model: "Qwen/Qwen3-8B" }).gated).toBe(false);
  });
});

describe("The estimate from the id alone", () => {
  const estimates = measured.map((row) => ({ row, weights: weightsFromName(row.id) }));
  const sized = estimates.filter(({ weights }) => weights.weightsGb !== null);
  const errors = sized.map(({ row, weights }) => (weights.weightsGb ?? 0) / row.weights_gb - 1);

  test("sizes at least twenty models, nine in ten of them within -20 and +30 percent", () => {
    expect(sized.length).toBeGreaterThanOrEqual(20);
    const good = errors.filter((error) => error >= -0.2 && error <= 0.3);
    expect(good.length / sized.length).toBeGreaterThanOrEqual(0.9);
  });

  test("reports all other models as unknown", () => {
    for (const { weights } of estimates) {
      expect(weights.basis).toBe(weights.weightsGb === null ? "unknown" : "name");
    }
  });

  test("is hardly ever further off than its margin", () => {
    const within = sized.filter(
      ({ row, weights }) =>
        Math.abs(row.weights_gb - (weights.weightsGb ?? 0)) <=
        weights.margin * (weights.weightsGb ?? 0),
    );
    expect(within.length / sized.length).toBeGreaterThanOrEqual(0.95);
  });
});
