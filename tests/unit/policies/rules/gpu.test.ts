import { ofPod, ofTemplate, options } from "../scene";

describe("gpu-memory", () => {
  const judged = (changes = {}, config = {}) => ofPod("gpu-memory", changes, config);

  test("has nothing against GPUs that hold the model", () => {
    expect(judged()).toEqual([]);
    expect(judged({ gpuTypeIds: ["NVIDIA A40"], gpuCount: 2 })).toEqual([]);
  });

  test("refuses GPUs that do not even hold the weights, and names some that hold the model", () => {
    const [violation] = judged({ gpuTypeIds: ["NVIDIA L4"] });
    expect(violation).toMatch(/^mandatory: gpuTypeIds 1 × NVIDIA L4 \(24 GB\) must have \d+ GB/);
    expect(violation).toContain("Qwen/Qwen3.8-27B with 16384 tokens");
    expect(violation).toMatch(/Use \d × NVIDIA .*, \d × NVIDIA .* or \d × NVIDIA/);
  });

  test("advises where the weights fit and the context does not", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B"];
    const [advice] = judged({ gpuTypeIds: ["NVIDIA H100 PCIe"], dockerStartCmd });
    expect(advice).toMatch(/^advisory: .*with its full context/);
  });

  test("advises where only a fallback is too small", () => {
    const [advice] = judged({ gpuTypeIds: ["NVIDIA B200", "NVIDIA L4"] });
    expect(advice).toMatch(/^advisory: gpuTypeIds 1 × NVIDIA L4 \(24 GB\)/);
    expect(advice).not.toContain("1 × NVIDIA B200 (180 GB)");
  });

  test("refuses nothing that may be quantised while loading, or offloaded", () => {
    const gpuTypeIds = ["NVIDIA L4"];
    const quantised = ["Qwen/Qwen3.8-27B", "--quantization", "bitsandbytes"];
    expect(judged({ gpuTypeIds, dockerStartCmd: quantised })[0]).toMatch(/^advisory: /);
    const offloaded = ["Qwen/Qwen3.8-27B", "--cpu-offload-gb", "50"];
    expect(judged({ gpuTypeIds, dockerStartCmd: offloaded })[0]).toMatch(/^advisory: /);
  });

  test("counts all GPUs of the pod, and the share that the server may use", () => {
    expect(judged({ gpuTypeIds: ["NVIDIA L4"], gpuCount: 8 })).toEqual([]);
    const dockerStartCmd = [
      ...["Qwen/Qwen3.8-27B", "--max-model-len", "16384", "--gpu-memory-utilization", "0.3"],
    ];
    expect(judged({ dockerStartCmd })).toHaveLength(1);
  });

  test("says nothing where model, GPU or their number is not known", () => {
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

  test("has nothing against as many parts as GPUs", () => {
    expect(judged(undefined, 1)).toEqual([]);
    expect(judged(2, 2)).toEqual([]);
  });

  test("refuses more parts than GPUs", () => {
    expect(judged(4, 2)[0]).toMatch(/^mandatory: gpuCount 2 must be 4 or more/);
  });

  test("refuses a number that does not divide the attention heads", () => {
    expect(judged(5, 5)[0]).toMatch(
      /^mandatory: dockerStartCmd .* over 5 GPUs, which must divide its 24/,
    );
  });

  test("advises where GPUs would be idle", () => {
    expect(judged(undefined, 4)[0]).toMatch(/^advisory: .*it uses 1, and the others are paid for/);
    expect(judged(2, 4)[0]).toMatch(/^advisory: .*it uses 2/);
  });

  test("says nothing of GPUs that work in other ways", () => {
    expect(judged(2, 4, "--pipeline-parallel-size", "2")).toEqual([]);
    expect(judged(2, 4, "-dp", "2")).toEqual([]);
  });
});

describe("gpu-fallbacks", () => {
  const judged = (gpuTypeIds: unknown, config = {}) =>
    ofPod("gpu-fallbacks", { gpuTypeIds }, config);

  test("has nothing against two types, or a CPU pod", () => {
    expect(judged(["NVIDIA B200", "NVIDIA H200"])).toEqual([]);
    expect(judged(undefined)).toEqual([]);
  });

  test("advises against a single type", () => {
    expect(judged(["NVIDIA B200"])[0]).toMatch(/^advisory: gpuTypeIds must name 2 types or more/);
  });

  test("takes another number", () => {
    expect(judged(["NVIDIA B200"], options("gpu-fallbacks", { min: 1 }))).toEqual([]);
    expect(
      judged(["NVIDIA B200", "NVIDIA H200"], options("gpu-fallbacks", { min: 3 })),
    ).toHaveLength(1);
  });
});

describe("allowed-gpus", () => {
  const allowed = options("allowed-gpus", { allowed: ["NVIDIA A30", "NVIDIA L40S"] });

  test("has nothing against any type while nothing is configured", () => {
    expect(ofPod("allowed-gpus")).toEqual([]);
  });

  test("refuses each type that is not in the list", () => {
    const violations = ofPod("allowed-gpus", {}, allowed);
    expect(violations).toHaveLength(2);
    expect(violations[0]).toMatch(
      /^mandatory: gpuTypeIds NVIDIA B200 must be one of NVIDIA A30 or/,
    );
  });

  test("takes the doubled spaces of RunPod's catalog for one", () => {
    expect(ofPod("allowed-gpus", { gpuTypeIds: ["NVIDIA  A30"] }, allowed)).toEqual([]);
  });
});
