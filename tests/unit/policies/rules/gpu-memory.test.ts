import { ofPod, ofTemplate } from "../scene";

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
    const [violation] = judged({ gpuTypeIds: ["NVIDIA L4"] });
    expect(violation).toMatch(
      /^mandatory: gpuTypeIds 1 × NVIDIA L4 \(24 GB\) must have \d+ GB or more on each GPU: /,
    );
    expect(violation).toContain("Qwen/Qwen3.8-27B with a context of 16384 tokens");
    expect(violation).toContain("56 GB of weights (measured), 1.1 GB of KV cache and");
    expect(violation).toMatch(/Use \d × NVIDIA .*, \d × NVIDIA .* or \d × NVIDIA/);
  });

  test("advises if the weights fit and the context does not", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B"];
    const [advice] = judged({ gpuTypeIds: ["NVIDIA H100 PCIe"], dockerStartCmd });
    expect(advice).toMatch(/^advisory: .*with its full context/);
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
    expect(one).toMatch(/^mandatory: .*and spreads the model over 1 of 8 GPUs\./);
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
    expect(advice).toMatch(/^advisory: .*env OLLAMA_CONTEXT_LENGTH/);
    expect(judged({ ...ollama, gpuTypeIds: ["NVIDIA RTX A6000"] })).toEqual([]);
  });

  test("ignores an unknown model, GPU or number of GPUs", () => {
    expect(judged({ gpuTypeIds: ["NVIDIA X1000"] })).toEqual([]);
    expect(judged({ dockerStartCmd: ["acme/secret-llm"], gpuTypeIds: ["NVIDIA L4"] })).toEqual([]);
    expect(judged({ gpuTypeIds: undefined })).toEqual([]);
    expect(ofTemplate("gpu-memory")).toEqual([]);
  });
});

describe("tensor-parallel", () => {
  const judged = (parts: number | undefined, gpuCount: number, ...more: string[]) => {
    const size = parts === undefined ? [] : ["--tensor-parallel-size", String(parts)];
    return ofPod("tensor-parallel", {
      dockerStartCmd: ["Qwen/Qwen3.8-27B", ...size, ...more],
      gpuCount,
    });
  };

  test("accepts as many parts as GPUs", () => {
    expect(judged(undefined, 1)).toEqual([]);
    expect(judged(2, 2)).toEqual([]);
  });

  test("refuses more parts than GPUs", () => {
    expect(judged(4, 2)[0]).toMatch(/^mandatory: gpuCount 2 must be 4 or more/);
  });

  test("refuses a number that does not divide the attention heads", () => {
    expect(judged(5, 5)[0]).toMatch(
      /^mandatory: dockerStartCmd must spread .* over a number of GPUs that divides its 24 .* not over 5/,
    );
  });

  test("advises if GPUs would be idle", () => {
    expect(judged(undefined, 4)[0]).toMatch(
      /^advisory: .*it uses 1, and the others are billed but idle/,
    );
    expect(judged(2, 4)[0]).toMatch(/^advisory: .*it uses 2/);
  });

  test("counts stages as well", () => {
    expect(judged(2, 2, "--pipeline-parallel-size", "2")[0]).toMatch(
      /^mandatory: gpuCount 2 must be 4 or more/,
    );
  });

  test("counts the GPUs of other machines", () => {
    expect(judged(4, 2, "--nnodes", "2")).toEqual([]);
    expect(judged(8, 2, "--nnodes", "2")[0]).toMatch(/^mandatory: /);
    expect(judged(4, 2, "--distributed-executor-backend", "ray")).toEqual([]);
  });

  test("ignores GPUs that are used in another way", () => {
    expect(judged(2, 4, "--pipeline-parallel-size", "2")).toEqual([]);
    expect(judged(2, 4, "-dp", "2")).toEqual([]);
  });
});
