import { type SizeQuery, weightsFromName, weightsOf } from "../../../models/src/weights";

/** What a query's weights are, without the architecture. */
function weights(query: SizeQuery) {
  const { shape, ...rest } = weightsOf(query);
  return { ...rest, shape: shape?.id ?? null };
}

const close = (value: number) => expect.closeTo(value, 3);

describe("Figures from the query", () => {
  test.each<[string, SizeQuery, number | null]>([
    ["given, too", { model: "Qwen/Qwen3-32B", weightsGb: 10, parametersB: 5 }, 5],
    ["those of the table", { model: "Qwen/Qwen3-32B", weightsGb: 10 }, 32.762123264],
    ["those of the model copied", { model: "acme/Qwen3-32B-AWQ", weightsGb: 10 }, 32.762123264],
    ["those in the name", { model: "acme/Chat-13B", weightsGb: 10 }, 13],
    ["unknown", { model: "acme/chat", weightsGb: 10 }, null],
  ])("give the size; the parameters are %s", (_, query, parametersB) => {
    expect(weights(query)).toMatchObject({
      basis: "user",
      weightsGb: 10,
      loadedGb: 10,
      parametersB,
    });
  });

  test("give the parameters, from which the size is computed", () => {
    expect(weights({ model: "acme/chat", parametersB: 13, quantization: "awq" })).toEqual({
      basis: "user",
      parametersB: 13,
      weightsGb: close((13 * 0.53 + 1.5 * 1.47) * 1.02),
      loadedGb: close((13 * 0.53 + 1.5 * 1.47) * 1.02),
      margin: 0.2,
      reason: "Computed from the given 13 billion parameters at 4 bits.",
      shape: null,
    });
    expect(weights({ model: "acme/chat-FP8", parametersB: 13 }).reason).toBe(
      "Computed from the given 13 billion parameters at FP8.",
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("are ignored if they are %p", (n) => {
    const model = "acme/Chat-13B";
    expect(weights({ model, weightsGb: n, parametersB: n })).toEqual(weights({ model }));
  });

  test("keep the model's architecture", () => {
    const model = "acme/Qwen3-32B-AWQ";
    expect(weights({ model, weightsGb: 10 }).shape).toBe("Qwen/Qwen3-32B");
    expect(weights({ model, parametersB: 30 }).shape).toBe("Qwen/Qwen3-32B");
  });
});

describe("The size in GPU memory", () => {
  const at8Bits = 13 * 1.01 + 1.5 * 0.99;

  test.each<[string, SizeQuery, number]>([
    ["a given size", { model: "acme/Chat-13B", weightsGb: 26, quantization: "fp8" }, at8Bits],
    ["a given count", { model: "acme/chat", parametersB: 13, quantization: "fp8" }, at8Bits],
    ["a size in the name", { model: "acme/Chat-13B", quantization: "fp8" }, at8Bits],
    ["16 bits in the name", { model: "acme/Chat-13B-BF16", quantization: "FP8" }, at8Bits],
    ["MXFP8", { model: "acme/Chat-13B", quantization: "mxfp8" }, 13 * 1.03 + 1.5 * 0.97],
    ["MXFP4", { model: "acme/Chat-13B", quantization: "mxfp4" }, 13 * 0.54 + 1.5 * 1.46],
  ])("is smaller than the download if the server quantizes while loading: %s", (_, query, gb) => {
    const { weightsGb, loadedGb } = weights(query);
    expect(loadedGb).toBeCloseTo(gb);
    expect(weightsGb).toBeGreaterThan(25);
  });

  test.each<[string, SizeQuery]>([
    ["quantized weights", { model: "acme/Chat-13B-AWQ", quantization: "fp8" }],
    [
      "weights that are smaller still",
      { model: "acme/Chat-13B", weightsGb: 9, quantization: "fp8" },
    ],
    ["an unknown count", { model: "acme/chat", weightsGb: 26, quantization: "fp8" }],
    ["a method without a precision", { model: "acme/Chat-13B", quantization: "torchao" }],
    [
      "a method that expects quantized weights",
      { model: "acme/Chat-13B", quantization: "fbgemm_fp8" },
    ],
    ["a copy of quantized weights", { model: "acme/DeepSeek-V3.1", quantization: "bitsandbytes" }],
    ["a quantized copy", { model: "acme/Qwen3-32B-FP8", quantization: "mxfp4" }],
    ["weights at 8 bits", { model: "acme/Chat-13B-FP8", quantization: "mxfp4" }],
    [
      "weights that are not as the method expects",
      { model: "Qwen/Qwen3-32B", quantization: "awq" },
    ],
  ])("is that of the download for %s", (_, query) => {
    const { weightsGb, loadedGb } = weights(query);
    expect(loadedGb).toBe(weightsGb);
  });

  test.each([
    ["Qwen/Qwen3.6-35B-A3B", undefined, 70.33],
    ["openai/gpt-oss-20b", undefined, 14.73],
    ["openai/gpt-oss-20b", "bitsandbytes", 14.73],
    ["Qwen/Qwen3-32B", "fp8", 32.762 * 1.01 + 1.5 * 0.99],
    ["nvidia/Nemotron-Orchestrator-8B", undefined, 16.38],
    ["acme/Nemotron-Orchestrator-8B", undefined, 16.38],
    ["acme/Qwen3-32B", "fp8", 32.762 * 1.01 + 1.5 * 0.99],
  ])("of %s with %s comes from the table", (model, quantization, gb) => {
    const query = quantization === undefined ? { model } : { model, quantization };
    expect(weights(query).loadedGb).toBeCloseTo(gb, 2);
  });
});

describe("The reason", () => {
  test.each<[SizeQuery, string, number]>([
    [
      { model: "zai-org/GLM-5.1" },
      "Computed from the published 744 billion parameters (bfloat16).",
      0.1,
    ],
    [
      { model: "MiniMaxAI/MiniMax-M2.5" },
      "Computed from the published 230 billion parameters (fp8).",
      0.1,
    ],
    [
      { model: "openai/gpt-oss-20b" },
      "Measured: the repository's weights take 13.8 GB (20.9 billion parameters, mxfp4).",
      0,
    ],
    [
      { model: "acme/Qwen3-32B" },
      "Computed from Qwen/Qwen3-32B: 32.8 billion parameters at bfloat16.",
      0.2,
    ],
    [
      { model: "acme/Qwen3-32B-AWQ" },
      "Computed from Qwen/Qwen3-32B: 32.8 billion parameters at 4 bits.",
      0.2,
    ],
    [
      { model: "acme/DeepSeek-V3.1" },
      "Computed from deepseek-ai/DeepSeek-V3.1: 685 billion parameters at fp8 (block 128x128).",
      0.2,
    ],
    [
      { model: "acme/Qwen3-32B-GGUF", quantization: "Q4_K_M" },
      "Computed from Qwen/Qwen3-32B: 32.8 billion parameters at Q4_K_M.",
      0.2,
    ],
  ])("for %j is %s", (query, reason, margin) => {
    expect(weightsOf(query)).toMatchObject({ reason, margin });
  });

  test.each([
    ["acme/Qwen3-32B-GGUF", "The repository has files of several sizes"],
    ["acme/Qwen3-32B-AWQ-eagle3", "This is a draft model"],
  ])("for %s is not that of the model it names", (model, start) => {
    expect(weights({ model })).toMatchObject({ basis: "unknown", shape: null });
    expect(weightsOf({ model }).reason).toContain(start);
  });
});

test("the estimate from a name follows the precision that the server expects", () => {
  expect(weightsFromName("acme/Chat-13B-GGUF", "Q4_K_M")).toEqual({
    basis: "name",
    parametersB: 13,
    weightsGb: close(13 * 0.6 * 1.05),
    loadedGb: close(13 * 0.6 * 1.05),
    margin: 0.3,
    reason: "Estimated from the name: 13 billion parameters at Q4_K_M.",
    shape: null,
  });
});

describe("Ollama's models of several sizes", () => {
  test.each([
    ["deepseek-r1:8b", 8],
    ["deepseek-r1:70b-llama-distill-q4_K_M", 70],
    ["deepseek-r1:671b", 684.531386],
    ["deepseek-r1:1027b", 1027],
    ["deepseek-r1", null],
    ["Qwen2.5-Coder-7B-Instruct", 7.615616512],
    ["deepseek-r1:latest", null],
    ["unsloth/DeepSeek-R1-GGUF:Q4_K_M", 684.531386],
    ["Qwen3-14B-GGUF", 14.768307],
  ])("%s has %s billion parameters", (model, parametersB) => {
    const found = weightsOf({ model, quantization: "Q4_K_M" }).parametersB;
    expect(found === null ? null : Math.round(found)).toBe(parametersB && Math.round(parametersB));
  });
});
