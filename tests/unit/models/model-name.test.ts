import * as fc from "fast-check";
import { baseName, readModelName } from "../../../models/src/model-name";

describe("The size in a model's name", () => {
  test.each([
    ["meta-llama/Llama-3.1-8B-Instruct", 8],
    ["Qwen/Qwen2.5-0.5B-Instruct", 0.5],
    ["deepseek-ai/DeepSeek-R1-0528-Qwen3-8B", 8],
    ["google/gemma-3-27b-it", 27],
    ["HuggingFaceTB/SmolLM2-135M-Instruct", 0.135],
    ["LiquidAI/LFM2.5-350M", 0.35],
    ["inclusionAI/Ling-1T", 1000],
    ["Qwen/Qwen3.8-2.4T-A95B", 2400],
    ["Qwen/Qwen3-30B-A3B", 30],
    ["LiquidAI/LFM2-8B-A1B", 8],
    ["Qwen/Qwen2.5-14B-Instruct-1M", 14],
    ["microsoft/bitnet-b1.58-2B-4T", 2],
    ["Qwen/Qwen3-32B@9216db5781bf21249d130ec9da846c4624c16137", 32],
    ["/workspace/models/Qwen3-32B-AWQ/", 32],
    ["/models/llama-3-8b.Q4_K_M.gguf", 8],
    ["unsloth/Qwen3-4B-GGUF:Q8_0", 4],
    ["llama3.1:70b-instruct-q4_K_M", 70],
  ])("%s shows it", (model, parametersB) => {
    expect(readModelName(model).parametersB).toBeCloseTo(parametersB);
  });

  test.each([
    ["mistralai/Mixtral-8x7B-Instruct-v0.1", 46.7],
    ["mistralai/Mixtral-8x22B-Instruct-v0.1", 140.6],
    ["google/gemma-4-E2B-it", 5.1],
    ["google/gemma-3n-E4B-it", 7.85],
  ])("%s counts what is stored, not what is named", (model, stored) => {
    const { parametersB } = readModelName(model);
    expect(Math.abs((parametersB ?? 0) / stored - 1)).toBeLessThan(0.05);
  });

  test.each([
    "mistralai/Mistral-Nemo-Instruct-2407",
    "microsoft/Phi-3-medium-128k-instruct",
    "microsoft/phi-4",
    "BAAI/bge-m3",
    "deepseek-ai/DeepSeek-V3",
    "zai-org/GLM-4.5-Air-FP8",
    "perplexity-ai/r1-1776",
    "CohereLabs/c4ai-command-r7b-12-2024",
    "internlm/internlm2-1_8b",
    "MiniMaxAI/MiniMax-Text-01-1M",
    "acme/chat-0B",
    "acme/chat-7beta",
    "acme/chat-4bit",
    `acme/chat-7b-${"x".repeat(200)}`,
    "",
  ])("%s shows none", (model) => {
    expect(readModelName(model)).toMatchObject({ parametersB: null, onlyActive: false });
  });

  test.each([
    "tencent/Hunyuan-A13B-Instruct",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    "moonshotai/Kimi-VL-A3B-Instruct",
    "Qwen/Qwen1.5-MoE-A2.7B",
  ])("%s shows only what is active", (model) => {
    expect(readModelName(model)).toMatchObject({ parametersB: null, onlyActive: true });
  });
});

test("a name with both sizes shows what is stored", () => {
  expect(readModelName("Qwen/Qwen3-30B-A3B").onlyActive).toBe(false);
});

describe("The precision in a model's name", () => {
  test.each([
    ["Qwen/Qwen2.5-72B-Instruct-AWQ", "4 bits"],
    ["Qwen/Qwen3.5-397B-A17B-GPTQ-Int4", "4 bits"],
    ["Qwen/Qwen2.5-0.5B-Instruct-GPTQ-Int8", "8 bits"],
    ["cyankiwi/Qwen3.6-27B-AWQ-BF16-INT4", "4 bits"],
    ["unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit", "4 bits"],
    ["CohereLabs/c4ai-command-r-plus-4bit", "4 bits"],
    ["RedHatAI/Meta-Llama-3.1-70B-Instruct-quantized.w8a8", "8 bits"],
    ["RedHatAI/Qwen3-8B-quantized.w4a16", "4 bits"],
    ["Qwen/Qwen3-8B-FP8", "FP8"],
    ["RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic", "FP8"],
    ["nvidia/Qwen3.6-27B-NVFP4", "NVFP4"],
    ["amd/Qwen3.5-397B-A17B-MXFP4", "MXFP4"],
    ["openai/gpt-oss-120b", "MXFP4"],
    ["acme/gptoss-20b", "MXFP4"],
    ["acme/chat-exl2@6_5", "6.5 bits per weight"],
    ["acme/chat-exl2@6_25", "6.25 bits per weight"],
    ["acme/chat-exl3@4.0bpw", "4 bits per weight"],
    ["mistralai/Ministral-3-8B-Instruct-2512", "FP8"],
    ["mistralai/Mistral-Small-4-119B-2603", "FP8"],
    ["mistralai/Mistral-Small-4-119B-2603-NVFP4", "NVFP4"],
    ["unsloth/Qwen3-4B-GGUF:Q4_K_M", "Q4_K_M"],
    ["unsloth/Qwen3-4B-GGUF:IQ4_XS", "IQ4_XS"],
    ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "16 bits"],
    ["openbmb/MiniCPM-2B-sft-fp32", "32 bits"],
  ])("%s is %s", (model, name) => {
    expect(readModelName(model).precision?.name).toBe(name);
  });

  test.each([
    "Qwen/Qwen3-8B",
    "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
    "BAAI/bge-m3",
    "acme/chat@4.0bpw",
    "acme/chat-exl2",
    "acme/chat-exl2@main",
    "acme/chat-exl2@v1_0",
    "acme/chat-exl2@6_5_h8",
  ])("%s shows none", (model) => {
    expect(readModelName(model).precision).toBeNull();
  });

  test("a name of a GGUF repository does not choose a file", () => {
    expect(readModelName("unsloth/Qwen3-4B-GGUF").manyFiles).toBe(true);
    expect(readModelName("unsloth/Qwen3-4B-GGUF:Q4_K_M").manyFiles).toBe(false);
    expect(readModelName("acme/Qwen3-4B-exl2").manyFiles).toBe(true);
    expect(readModelName("acme/Qwen3-4B-exl3").manyFiles).toBe(true);
    expect(readModelName("acme/Qwen3-4B").manyFiles).toBe(false);
  });
});

describe("What a repository holds", () => {
  test.each([
    ["acme/lora-french", "adapter"],
    ["acme/chat-7b-QLoRA", "adapter"],
    ["acme/chat.dora.x", "adapter"],
    ["acme/chat_adapters", "adapter"],
    ["acme/peft-chat", "adapter"],
    ["acme/lorax-chat", null],
    ["acme/flora-chat", null],
    ["acme/chat-lora-merged", null],
    ["acme/chat-lora-fused", null],
    ["acme/EAGLE3-chat", "draft model"],
    ["acme/chat-eagle-3", "draft model"],
    ["acme/chat-EAGLE", "draft model"],
    ["acme/chat-eagle-7b", "draft model"],
    ["acme/Eagle2-9B", null],
    ["acme/eagles-7b", null],
    ["acme/chat-medusa", "draft model"],
    ["acme/chat-speculator", "draft model"],
    ["acme/chat-DFlash", "draft model"],
    ["Wan-AI/Wan2.1-T2V-14B", "pipeline"],
    ["acme/wan-2.2", "pipeline"],
    ["black-forest-labs/FLUX.1-dev", "pipeline"],
    ["stabilityai/stable-video-xt", "pipeline"],
    ["tencent/HunyuanVideo", "pipeline"],
    ["tencent/hunyuan-image-3", "pipeline"],
    ["zai-org/CogView4-6B", "pipeline"],
    ["acme/wander-7b", null],
    ["acme/chat-flux-7b", null],
    ["city96/FLUX.1-dev-gguf", null],
  ])("%s: %p", (model, holds) => {
    expect(readModelName(model).holds).toBe(holds);
  });
});

describe("The name without owner, revision, tag and precision", () => {
  test.each([
    ...["FP8", "FP8-dynamic", "fp4", "NVFP4", "mxfp4", "MXFP8", "float8", "q4_K_M", "IQ4_XS"],
    ...["int4", "INT8", "w4a16", "w8a8", "4bit", "4-bit", "8bits", "4bpw", "4.25bpw-h6-exl2"],
    ...["AWQ", "AWQ-INT4", "GPTQ-Int8", "bnb-4bit", "nf4", "autoround", "Auto-Round", "GGUF"],
    ...["exl2", "exl3", "quantized.w8a8", "qat-int4", "mlx", "unsloth", "BF16", "fp16", "f16"],
    ...["float16", "bfloat16", "bfp16"],
  ])("of Chat-7B-%s is that of the model", (variant) => {
    expect(baseName(`acme/Chat-7B-${variant}@main`)).toBe("Chat-7B");
    expect(baseName(`Chat-7B_${variant}:latest-x`)).toBe("Chat-7B");
  });

  test.each(["Chat-7B-french", "Chat-7B-awqs", "Chat-7B-q9_0", "Chat-7B-int9", "Chat-7B-w2a16"])(
    "of %s is the whole name",
    (name) => {
      expect(baseName(`acme/${name}`)).toBe(name);
    },
  );

  test("of nothing is nothing", () => {
    expect(baseName("")).toBe("");
    expect(baseName("///")).toBe("");
    expect(baseName("acme/chat:\n7b")).toBe("chat");
  });
});

test("any string is read, in a time that does not explode with its length", () => {
  void fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const { parametersB } = readModelName(text);
      expect(parametersB === null || (parametersB > 0 && parametersB < 1e9)).toBe(true);
    }),
  );
  expect(readModelName(`${"1x".repeat(100_000)}7b`)).toBeDefined();
});
