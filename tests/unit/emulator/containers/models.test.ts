import { findModel, modelOfSize } from "../../../../emulator/src/containers/models";

describe("a model's size", () => {
  it("is the measured one if it is known, whatever the case of the name", () => {
    expect(findModel("Qwen/Qwen3.8-27B")?.weightsGb).toBeCloseTo(55.563, 3);
    expect(findModel("qwen/qwen3.8-27b")?.id).toBe("Qwen/Qwen3.8-27B");
  });

  it.each([
    ["acme/Thing-27B", 27, 55],
    ["acme/Thing-0.5B-Instruct", 0.5, 1],
    ["acme/Thing-350M", 0.35, 1],
    ["acme/Thing-8x7B", 47, 96],
    ["acme/Thing-30B-A3B", 30, 61],
    ["acme/Thing-27B-FP8", 27, 30],
    ["acme/Thing-72B-AWQ", 72, 44],
    ["acme/Thing-70B-GPTQ-Int8", 70, 79],
    ["acme/Thing-70B-quantized.w4a16", 70, 43],
    ["acme/Thing-27B-NVFP4", 27, 17],
    ["acme/Thing", 7, 14],
  ])("is estimated from the name %s", (id, parametersB, weightsGb) => {
    const model = findModel(id);
    expect(model?.parametersB).toBeCloseTo(parametersB, 0);
    expect(Math.round(model?.weightsGb ?? 0)).toBe(weightsGb);
  });

  it("is smaller in memory if the file holds the output layer twice", () => {
    const model = findModel("Qwen/Qwen3-0.6B");
    expect(model?.weightsGb).toBeCloseTo(1.503, 3);
    expect((model?.loadedGb ?? 0) / 1.073741824).toBeCloseTo(1.12, 2);
  });

  it("is the sum of a folder's files", () => {
    expect(modelOfSize("/models/mine", 16)).toMatchObject({
      parametersB: 8,
      weightsGb: 16,
      gated: false,
    });
  });
});

describe("a token's keys and values", () => {
  const kib = (id: string) => (findModel(id)?.kvBytesPerToken(32_768) ?? 0) / 1024;

  it("follow from layers and heads", () => {
    expect(kib("meta-llama/Llama-3.1-8B-Instruct")).toBe(128);
    expect(kib("meta-llama/Llama-3.3-70B-Instruct")).toBe(320);
  });

  it("take less if few layers store them, or store them compressed", () => {
    expect(kib("Qwen/Qwen3.8-27B")).toBeCloseTo(64 * 1.06);
    expect(kib("deepseek-ai/DeepSeek-V3")).toBeLessThan(100);
    expect(kib("google/gemma-3-27b-it")).toBeLessThan(220);
    expect(kib("nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4")).toBeLessThan(20);
  });

  it("grow with the size of an unknown model", () => {
    expect(kib("acme/Thing-70B")).toBeGreaterThan(kib("acme/Thing-8B"));
    expect(kib("mistralai/Mistral-Large-Instruct-2407")).toBeGreaterThan(128);
  });
});

describe("access to a model", () => {
  it("is restricted if its publisher requires accepting terms", () => {
    expect(findModel("meta-llama/Llama-3.2-1B")?.gated).toBe(true);
    expect(findModel("google/gemma-2-9b-it")?.gated).toBe(true);
    expect(findModel("Qwen/Qwen3.8-27B")?.gated).toBe(false);
  });
});
