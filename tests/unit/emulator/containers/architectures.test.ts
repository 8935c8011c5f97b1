import { architectureOf, unsupportedBy } from "../../../../emulator/src/containers/architectures";
import { diagnose } from "../../../../models/src";
import { advanced, container, text } from "./support";

describe("a model that a release does not know", () => {
  test.each([
    ["0.10.0", "openai/gpt-oss-20b", "gpt_oss"],
    ["0.8.2", "Qwen/Qwen3-8B", "qwen3"],
    ["0.8.2", "unsloth/Qwen3-30B-A3B-bnb-4bit", "qwen3_moe"],
    ["0.7.3", "google/gemma-3-27b-it", "gemma3"],
    ["0.8.2", "meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama4"],
    ["0.9.2", "zai-org/GLM-4.5", "glm4_moe"],
    ["0.10.1", "Qwen/Qwen3-Next-80B-A3B-Instruct", "qwen3_next"],
    ["0.16.0", "Qwen/Qwen3.6-27B", "qwen3_5"],
    ["0.18.1", "google/gemma-4-31B-it", null],
    ["0.18.0", "google/gemma-4-31B-it", "gemma4"],
    ["0.9.1", "tencent/Hunyuan-A13B-Instruct", "HunYuanMoEV1ForCausalLM"],
    ["0.14.0", "moonshotai/Kimi-K2.5", "KimiK25ForConditionalGeneration"],
    ["0.11.0", "Qwen/Qwen3-8B", null],
    ["0.10.1", "openai/gpt-oss-20b", null],
    ["0.6.0", "meta-llama/Llama-3.1-8B-Instruct", null],
    ["0.6.0", "acme/Qwen3-8B", null],
    ["0.33.0", "google/flan-t5-xl", "T5ForConditionalGeneration"],
    ["0.33.0", "acme/flan-t5-xl", "T5ForConditionalGeneration"],
  ])("vLLM %s, %s: %s", (release, model, named) => {
    const problem = unsupportedBy(model, release);
    expect(problem).toEqual(named === null ? null : expect.stringContaining(named));
  });

  test("ends the server before it loads anything", () => {
    const runtime = container({
      image: "vllm/vllm-openai:v0.10.0",
      cmd: ["--model", "openai/gpt-oss-20b", "--max-model-len", "4096"],
    });
    const log = text(advanced(runtime, 10), "container");
    expect(log).toContain("has model type `gpt_oss` but Transformers does not recognize this");
    expect(runtime.restarts).toBeGreaterThan(2);
    expect(diagnose(runtime.logs.map(({ line }) => line)).cause).not.toBeNull();
  });
});

describe("the architecture in the log", () => {
  test.each([
    ["Qwen/Qwen3-8B", "Qwen3ForCausalLM"],
    ["Qwen/Qwen3-30B-A3B", "Qwen3MoeForCausalLM"],
    ["Qwen/Qwen2.5-VL-7B-Instruct", "Qwen2_5_VLForConditionalGeneration"],
    ["Qwen/Qwen3.8-27B", "Qwen3_5ForConditionalGeneration"],
    ["BAAI/bge-m3", "XLMRobertaModel"],
    ["deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "LlamaForCausalLM"],
    ["deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "Qwen2ForCausalLM"],
    ["deepseek-ai/DeepSeek-R1-0528", "DeepseekV3ForCausalLM"],
    ["acme/llm-8b", null],
  ])("of %s is %s", (model, name) => {
    expect(architectureOf(model)).toBe(name);
    const runtime = container({ cmd: [model, "--max-model-len", "4096"], diskGb: 2000 });
    const log = text(advanced(runtime, 5), "container");
    expect(log).toContain("Using max model len 4096");
    expect(/Resolved architecture: (.*)/.exec(log)?.[1] ?? null).toBe(name);
  });
});
