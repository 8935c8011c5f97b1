import { UNKNOWN } from "@runpod-stack/provider/schema";
import { ofEndpoint, ofPod, ofTemplate } from "../scene";

describe("gpu-memory", () => {
  const judged = (changes = {}, config = {}) => ofPod("gpu-memory", changes, config);
  const spread = (parts: number, ...more: string[]) => [
    ...["Qwen/Qwen3.8-27B", "--max-model-len", "16384"],
    ...["--tensor-parallel-size", String(parts), ...more],
  ];

  test("accepts GPUs that the model fits on", () => {
    expect(judged()).toEqual([]);
    const dockerStartCmd = spread(2);
    expect(judged({ gpuTypeIds: ["NVIDIA A40"], gpuCount: 2, dockerStartCmd })).toEqual([]);
  });

  test("refuses GPUs that are too small for the weights, and suggests larger ones", () => {
    expect(judged({ gpuTypeIds: ["NVIDIA L4"], gpuCount: undefined })).toEqual([
      expect.stringMatching(
        /^mandatory: gpuTypeIds 1 × NVIDIA L4 \(24 GB\) must have 65 GB or more on each GPU: Qwen\/Qwen3\.8-27B with a context of 16384 tokens needs 56 GB of weights \(measured\), 1\.1 GB of KV cache and 1\.5 GB for activations and CUDA graphs per GPU, and the server may use 90% of a GPU's memory\. Use \d × NVIDIA [\w -]+, \d × NVIDIA [\w -]+ or \d × NVIDIA [\w -]+, with that number as the tensor-parallel size\. Or shorten the context \(--max-model-len\), or serve a quantized model\.$/,
      ),
    ]);
  });

  test("names the type that is short of most", () => {
    const dockerStartCmd = ["meta-llama/Llama-3.3-70B-Instruct"];
    const of = (...gpuTypeIds: string[]) => judged({ gpuTypeIds, dockerStartCmd })[0];
    const H100 = "NVIDIA H100 80GB HBM3";
    expect(of("NVIDIA L4")).toContain(" must have 206 GB or more on each GPU");
    expect(of(H100, "NVIDIA L4")).toMatch(
      /^mandatory: gpuTypeIds 1 × NVIDIA H100 80GB HBM3 \(80 GB\) and 1 × NVIDIA L4 \(24 GB\) must have 208 GB/,
    );
    expect(of("NVIDIA L4", H100)).toContain(" must have 208 GB or more on each GPU");
    expect(of("NVIDIA L4", H100, "NVIDIA A40")).toContain(" must have 208 GB or more on each GPU");
  });

  test("leaves out the KV cache of a model whose shape is not known", () => {
    const dockerStartCmd = ["acme/llm-70b"];
    expect(judged({ gpuTypeIds: ["NVIDIA L4"], dockerStartCmd })[0]).toMatch(
      /^mandatory: .* needs 147 GB of weights \(estimated from the name, ±50%\) and 1\.1 GB for activations and CUDA graphs per GPU/,
    );
    expect(judged({ gpuTypeIds: ["NVIDIA H200"], dockerStartCmd })[0]).toMatch(/^advisory: /);
  });

  test("suggests the cloud's own GPUs, and no number of parts for a single GPU", () => {
    const dockerStartCmd = ["Qwen/Qwen3-8B", "--max-model-len", "2048"];
    const small = { gpuTypeIds: ["NVIDIA RTX A4000"], dockerStartCmd };
    const advice = (cloudType: unknown) => judged({ ...small, cloudType })[0]?.split(" Use ")[1];
    expect(advice("SECURE")).toMatch(
      /^1 × NVIDIA [\w -]+, 1 × NVIDIA [\w -]+ or 1 × NVIDIA [\w -]+\. Or/,
    );
    expect(advice("COMMUNITY")).not.toBe(advice("SECURE"));
    const larger = ["Qwen/Qwen3-14B", "--max-model-len", "2048"];
    expect(judged({ ...small, dockerStartCmd: larger })[0]).toMatch(
      / 1 × .* 2 × .*, with that number as the tensor-parallel size\. Or shorten/,
    );
    expect(advice(UNKNOWN)).toBe(advice("SECURE"));
  });

  test("suggests only a shorter context if no GPUs are enough", () => {
    const models = { "acme/giant": { weightsGb: 9_000 } };
    const config = { "container-disk-size": { models } };
    const [refusal] = judged({ gpuTypeIds: ["NVIDIA L4"], dockerStartCmd: ["acme/giant"] }, config);
    expect(refusal).toMatch(
      /GPU's memory\. Shorten the context \(--max-model-len\), or serve a quantized model\.$/,
    );
  });

  test("suggests only GPUs that endpoints can have", () => {
    const [refusal = ""] = ofEndpoint("gpu-memory", { gpuTypeIds: ["NVIDIA L4"] });
    expect(refusal).toMatch(/ Use \d × .*\. Or shorten the context \(env MAX_MODEL_LEN\), /);
    expect(refusal).not.toContain("tensor-parallel");
    const community = { gpuTypeIds: ["NVIDIA L4"], cloudType: "COMMUNITY" };
    expect(ofEndpoint("gpu-memory", community)[0]).not.toContain("RTX 4000 SFF");
  });

  test("advises if the weights fit and the context does not", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B"];
    const [advice] = judged({ gpuTypeIds: ["NVIDIA H100 PCIe"], dockerStartCmd });
    expect(advice).toMatch(/^advisory: .* should have .*with its full context/);
    const gpuTypeIds = ["NVIDIA H100 PCIe", "NVIDIA L4"];
    expect(judged({ gpuTypeIds, dockerStartCmd })[0]).toMatch(/^advisory: /);
  });

  test("advises if only a fallback is too small", () => {
    const [advice] = judged({ gpuTypeIds: ["NVIDIA B200", "NVIDIA L4"] });
    expect(advice).toMatch(/^advisory: gpuTypeIds 1 × NVIDIA L4 \(24 GB\)/);
    expect(advice).not.toContain("1 × NVIDIA B200 (180 GB)");
  });

  test("refuses nothing that may be quantized while loading, or offloaded", () => {
    const gpuTypeIds = ["NVIDIA L4"];
    const quantized = ["Qwen/Qwen3.8-27B", "--quantization", "bitsandbytes"];
    expect(judged({ gpuTypeIds, dockerStartCmd: quantized })[0]).toMatch(/^advisory: /);
    const offloaded = ["Qwen/Qwen3.8-27B", "--cpu-offload-gb", "50"];
    expect(judged({ gpuTypeIds, dockerStartCmd: offloaded })[0]).toMatch(/^advisory: /);
  });

  test("subtracts what is offloaded, and checks the rest", () => {
    const gpuTypeIds = ["NVIDIA H100 80GB HBM3"];
    const large = ["meta-llama/Llama-3.3-70B-Instruct", "--max-model-len", "4096"];
    const offloaded = [...large, "--cpu-offload-gb", "80"];
    expect(judged({ gpuTypeIds, dockerStartCmd: offloaded })).toEqual([]);
    const inEntrypoint = { dockerEntrypoint: ["vllm", "serve", ...offloaded] };
    expect(judged({ gpuTypeIds, dockerStartCmd: undefined, ...inEntrypoint })).toEqual([]);
    const cacheOnly = [...large, "--kv-offloading-size", "80"];
    expect(judged({ gpuTypeIds, dockerStartCmd: cacheOnly })[0]).toMatch(/^mandatory: /);
  });

  test("counts the GPUs that the server uses, and the share of each that it may use", () => {
    const eight = { gpuTypeIds: ["NVIDIA L4"], gpuCount: 8 };
    expect(judged({ ...eight, dockerStartCmd: spread(8) })).toEqual([]);
    const [one] = judged({ ...eight, dockerStartCmd: spread(1) });
    expect(one).toMatch(/^mandatory: gpuTypeIds 8 × .*, and spreads the model over 1 of 8 GPUs\./);
    const little = spread(1, "--gpu-memory-utilization", "0.3");
    expect(judged({ dockerStartCmd: little })).toHaveLength(1);
  });

  test("refuses a share of the memory that is too small for the weights", () => {
    const gpuTypeIds = ["NVIDIA H100 80GB HBM3"];
    const dockerStartCmd = ["Qwen/Qwen3-32B", "--gpu-memory-utilization", "0.5"];
    expect(judged({ gpuTypeIds, dockerStartCmd })[0]).toMatch(/^mandatory: .*may use 50%/);
  });

  test("uses the memory that the driver reports, not the advertised size", () => {
    const dockerStartCmd = [
      ...["meta-llama/Llama-3.3-70B-Instruct", "--max-model-len", "4096"],
      ...["--gpu-memory-utilization", "0.98", "--enforce-eager"],
    ];
    expect(judged({ gpuTypeIds: ["NVIDIA H200"], dockerStartCmd })).toEqual([]);
  });

  test("counts the GPUs of all machines", () => {
    const gpuTypeIds = ["NVIDIA H100 80GB HBM3"];
    const ray = ["--tensor-parallel-size", "16", "--distributed-executor-backend", "ray"];
    const dockerStartCmd = ["deepseek-ai/DeepSeek-R1", ...ray];
    expect(judged({ gpuTypeIds, gpuCount: 8, dockerStartCmd })).toEqual([]);
    const of = (type: string, ...more: string[]) => {
      const serve = ["Qwen/Qwen3.8-27B", "--max-model-len", "16384", ...more];
      return judged({ gpuTypeIds: [type], dockerStartCmd: serve });
    };
    const half = expect.stringMatching(/^mandatory: gpuTypeIds 1 × .* must have 34 GB or more/);
    for (const machines of [
      ["-tp", "2", "--nnodes", "2"],
      ["-tp", "2", "--distributed-executor-backend", "ray"],
      ["-pp", "2", "--distributed-executor-backend", "ray"],
    ]) {
      expect(of("NVIDIA A40", ...machines)).toEqual([]);
      expect(of("NVIDIA L4", ...machines)).toEqual([half]);
    }
  });

  test("names the GPUs of all machines, and those of one if their number is not known", () => {
    const four = { gpuTypeIds: ["NVIDIA L4"], gpuCount: 4 };
    expect(judged({ ...four, dockerStartCmd: spread(2, "--nnodes", "2") })[0]).toContain(
      "over 2 of 8 GPUs",
    );
    const ray = spread(1, "--distributed-executor-backend", "ray");
    expect(judged({ ...four, dockerStartCmd: ray })[0]).toContain("over 1 of 4 GPUs");
  });

  test("adds CUDA graphs to the activations, unless the server runs without them", () => {
    const pod = { imageName: "vllm/vllm-openai:v0.24.0", gpuTypeIds: ["NVIDIA L4"] };
    expect(judged({ ...pod, dockerStartCmd: spread(1) })[0]).toContain(
      " and 1.5 GB for activations",
    );
    expect(judged({ ...pod, dockerStartCmd: spread(1, "--enforce-eager") })[0]).toContain(
      " and 0.7 GB for activations",
    );
  });

  test("counts stages among the GPUs that the server uses", () => {
    const staged = {
      gpuTypeIds: ["NVIDIA L4"],
      gpuCount: 4,
      dockerStartCmd: spread(1, "-pp", "2"),
    };
    expect(judged(staged)[0]).toContain(", and spreads the model over 2 of 4 GPUs.");
    expect(judged({ ...staged, gpuCount: 2 })[0]).toContain("a GPU's memory. Use");
  });

  test("adds the draft model", () => {
    const large = ["meta-llama/Llama-3.3-70B-Instruct", "--max-model-len", "8192"];
    const dockerStartCmd = [...large, "--tensor-parallel-size", "2"];
    const pod = {
      imageName: "vllm/vllm-openai:v0.24.0",
      gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
      gpuCount: 2,
    };
    expect(judged({ ...pod, dockerStartCmd })).toEqual([]);
    const draft = ["--speculative-config", '{"model":"meta-llama/Llama-3.1-8B-Instruct"}'];
    expect(judged({ ...pod, dockerStartCmd: [...dockerStartCmd, ...draft] })).toHaveLength(1);
  });

  test("names the option for the context length of each server", () => {
    const ollama = {
      imageName: "ollama/ollama:0.12.6",
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: ["ollama serve & ollama pull llama3.3:70b; wait"],
      gpuTypeIds: ["NVIDIA GeForce RTX 4090"],
    };
    const [advice] = judged(ollama);
    expect(advice).toMatch(/^advisory: .*shorten the context \(env OLLAMA_CONTEXT_LENGTH\), or/);
    expect(judged({ ...ollama, gpuTypeIds: ["NVIDIA RTX A6000"] })).toEqual([]);
  });

  test.each([
    [
      "lmsysorg/sglang:v0.5.23",
      "python3 -m sglang.launch_server --model-path Qwen/Qwen3-32B",
      " (--context-length)",
    ],
    [
      "ghcr.io/huggingface/text-generation-inference:3.3.4",
      "--model-id Qwen/Qwen3-32B",
      " (--max-total-tokens)",
    ],
    ["ghcr.io/ggml-org/llama.cpp:server-cuda", "-hf Qwen/Qwen3-32B-GGUF:Q8_0", " (--ctx-size)"],
    ["openmmlab/lmdeploy:v0.9.0", "lmdeploy serve api_server Qwen/Qwen3-32B", ""],
  ])("names that of %s, which has a short context by itself", (imageName, command, option) => {
    const [finding] = judged({
      ...{ imageName, dockerStartCmd: command.split(" "), gpuTypeIds: ["NVIDIA L4"] },
    });
    expect(finding).toContain(" with a short context needs ");
    expect(finding).toContain(`Or shorten the context${option}, or serve a quantized model.`);
  });

  test.each([
    { gpuCount: UNKNOWN },
    { gpuTypeIds: ["NVIDIA L4", UNKNOWN] },
    { dockerStartCmd: undefined },
    { dockerStartCmd: undefined, env: UNKNOWN },
  ])("says nothing about what is not known: %p", (changes) => {
    expect(judged({ gpuTypeIds: ["NVIDIA L4"], ...changes })).toEqual([]);
  });

  test("only advises if one of the types is not in the catalog", () => {
    expect(judged({ gpuTypeIds: ["NVIDIA L4", "NVIDIA X1000"] })[0]).toMatch(/^advisory: /);
  });

  test("ignores an unknown model, GPU or number of GPUs", () => {
    expect(judged({ gpuTypeIds: ["NVIDIA X1000"] })).toEqual([]);
    expect(judged({ dockerStartCmd: ["acme/secret-llm"], gpuTypeIds: ["NVIDIA L4"] })).toEqual([]);
    expect(judged({ gpuTypeIds: undefined })).toEqual([]);
    expect(ofTemplate("gpu-memory")).toEqual([]);
  });
});
