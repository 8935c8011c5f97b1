import { advanced, container, get, H100, START, text, volume } from "./support";

describe("vLLM with enough of everything", () => {
  it("pulls, downloads, compiles, and then serves", async () => {
    const runtime = advanced(container(), 10);
    expect(runtime.status()).toBe("running");
    expect(runtime.restarts).toBe(0);
    expect(text(runtime)).toContain("Application startup complete.");
    expect(runtime.listening(8000)).toBe(true);
    expect(runtime.nextEventAt()).toBeNull();
    expect((await get(runtime, "/health")).status).toBe(200);
  });

  it("does not listen before its last line says so", () => {
    const runtime = container();
    while (runtime.nextEventAt() !== null) {
      expect(runtime.listening(8000)).toBe(false);
      runtime.advanceTo(runtime.nextEventAt() ?? 0);
    }
    expect(runtime.listening(8000)).toBe(true);
  });

  it("takes minutes for weights from the network", () => {
    const lines = advanced(container(), 10).logs;
    const started = lines.find(({ line }) => line.includes("Starting to load model"))?.at ?? 0;
    const loaded = lines.find(({ line }) => line.includes("Time spent downloading"))?.at ?? 0;
    expect((loaded - started) / 1000).toBeGreaterThan(90);
    expect((loaded - started) / 1000).toBeLessThan(140);
  });

  it("downloads nothing for weights that are made up", () => {
    const cmd = ["Qwen/Qwen3.8-27B", "--load-format", "dummy", "--max-model-len", "8192"];
    const runtime = advanced(container({ cmd, diskGb: 5 }), 3);
    expect(runtime.listening(8000)).toBe(true);
    expect(text(runtime)).not.toContain("Time spent downloading weights");
  });

  it("stamps its lines with the time they were printed", () => {
    const { logs } = advanced(container({ startedAt: START }), 1);
    const line = logs.find((entry) => entry.line.includes("non-default args"));
    expect(line?.line).toMatch(/^\(APIServer pid=1\) INFO 11-23 12:00:12 \[api_utils\.py:\d+\]/);
  });

  it("fills each GPU in use with weights and cache, and is busy only during requests", async () => {
    const gpu = { ...H100, count: 2 };
    const runtime = advanced(container({ gpu }), 10);
    expect(runtime.gpuUtil()).toEqual([
      { util: 0, memoryUtil: 92 },
      { util: 0, memoryUtil: 0 },
    ]);
    await get(runtime, "/v1/models");
    expect(runtime.gpuUtil()[0]?.util).toBeGreaterThan(50);
    expect(advanced(runtime, 11).gpuUtil()[0]?.util).toBe(0);
  });
});

describe("the two bugs of a first deployment", () => {
  it("crash-loops with a full disk when the weights exceed it", () => {
    const runtime = advanced(container({ diskGb: 20 }), 10);
    expect(text(runtime, "container")).toContain("No space left on device (os error 28)");
    expect(runtime.status()).toBe("running");
    expect(runtime.restarts).toBeGreaterThan(2);
    expect(runtime.listening(8000)).toBe(false);
  });

  it("serves the same model from a larger disk, or from a volume under the cache", () => {
    expect(advanced(container({ diskGb: 60 }), 10).listening(8000)).toBe(true);
    const mounts = [{ path: "/root/.cache/huggingface", sizeGb: 100, storage: volume() }];
    expect(advanced(container({ diskGb: 20, mounts }), 10).listening(8000)).toBe(true);
  });

  it.each(["v0.15.0", "v0.15.1", "v0.16.0", "v0.16.0-cu130"])(
    "fails with Error 803 in %s, whose compat libraries take precedence",
    (tag) => {
      const runtime = advanced(container({ image: `vllm/vllm-openai:${tag}` }), 10);
      expect(text(runtime, "container")).toContain(
        "Error 803: system has unsupported display driver / cuda driver combination",
      );
      expect(runtime.restarts).toBeGreaterThan(2);
    },
  );

  it.each([
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu/",
    "/usr/local/nvidia/lib64:/usr/local/nvidia/lib",
  ])("serves once LD_LIBRARY_PATH begins with %s", (path) => {
    const image = "vllm/vllm-openai:v0.16.0-cu130";
    const runtime = advanced(container({ image, env: { LD_LIBRARY_PATH: path } }), 10);
    expect(runtime.listening(8000)).toBe(true);
  });

  it("still fails if another folder comes first", () => {
    const env = { LD_LIBRARY_PATH: "/usr/local/cuda/compat:/lib/x86_64-linux-gnu" };
    const runtime = advanced(container({ image: "vllm/vllm-openai:v0.16.0", env }), 10);
    expect(text(runtime)).toContain("Error 803");
  });

  it.each([
    "export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH && python3 -m vllm.entrypoints.openai.api_server --model",
    "export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH; exec vllm serve",
    "LD_LIBRARY_PATH=/lib/x86_64-linux-gnu vllm serve",
    "LD_LIBRARY_PATH=/lib/x86_64-linux-gnu; vllm serve",
  ])("serves when the command repairs the path: %s", (command) => {
    const runtime = container({
      image: "vllm/vllm-openai:v0.16.0-cu130",
      entrypoint: ["bash", "-c"],
      cmd: [`${command} Qwen/Qwen3.8-27B --max-model-len 32768`],
    });
    expect(advanced(runtime, 10).listening(8000)).toBe(true);
  });

  it("has the conflict from v0.17.0 on only on request", () => {
    const image = "vllm/vllm-openai:v0.17.0";
    expect(advanced(container({ image }), 10).listening(8000)).toBe(true);
    const env = { VLLM_ENABLE_CUDA_COMPATIBILITY: "1", LD_LIBRARY_PATH: "/lib/x86_64-linux-gnu" };
    expect(text(advanced(container({ image, env }), 10))).toContain("Error 803");
  });
});

describe("GPUs that do not suit", () => {
  const small = { id: "NVIDIA L40S", count: 1, memoryGb: 48, computeCapability: "8.9" };

  it("runs out of memory while loading weights larger than the card", () => {
    const runtime = advanced(container({ gpu: small }), 10);
    expect(text(runtime)).toContain("torch.OutOfMemoryError: CUDA out of memory.");
    expect(text(runtime)).toContain("GPU 0 has a total capacity of 44.");
  });

  it("fits the same weights on two cards, also with -tp", () => {
    const cmd = ["Qwen/Qwen3.8-27B", "-tp", "2", "--max-model-len=32k"];
    const runtime = advanced(container({ gpu: { ...small, count: 2 }, cmd }), 10);
    expect(runtime.listening(8000)).toBe(true);
    expect(runtime.gpuUtil()).toHaveLength(2);
  });

  it("has no room for the cache if the share is too small", () => {
    const cmd = ["Qwen/Qwen3.8-27B", "--gpu-memory-utilization", "0.6"];
    expect(text(advanced(container({ cmd }), 10))).toContain(
      "ValueError: No available memory for the cache blocks.",
    );
  });

  it("reports how long a context fits if the model's is too long", () => {
    const gpu = { id: "NVIDIA L4", count: 1, memoryGb: 24, computeCapability: "8.9" };
    const env = { HF_TOKEN: "hf_test" };
    const cmd = ["meta-llama/Llama-3.1-8B-Instruct"];
    const log = text(advanced(container({ gpu, env, cmd }), 10));
    expect(log).toContain("To serve at least one request with the model's max seq len (131072)");
    expect(log).toMatch(/16\.00 GiB KV cache is needed, which is larger than the available/);
    const fits = log.match(/estimated maximum model length is (\d+)/)?.[1] ?? "";
    const shorter = container({ gpu, env, cmd: [...cmd, "--max-model-len", fits] });
    expect(advanced(shorter, 10).listening(8000)).toBe(true);
  });

  it("quantizes while loading on request", () => {
    const cmd = ["Qwen/Qwen3.8-27B", "--quantization", "fp8", "--max-model-len", "32768"];
    expect(advanced(container({ gpu: small, cmd }), 10).listening(8000)).toBe(true);
  });

  it.each([
    ["v0.9.1", "NVIDIA GeForce RTX 5090", "12.0"],
    ["v0.8.5", "NVIDIA B200", "10.0"],
    ["v0.33.0", "Tesla V100-SXM2-32GB", "7.0"],
  ])("%s has no kernels for %s", (tag, id, computeCapability) => {
    const gpu = { id, count: 1, memoryGb: 180, computeCapability };
    const cmd = ["--model", "Qwen/Qwen3-0.6B"];
    const runtime = container({ image: `vllm/vllm-openai:${tag}`, gpu, cmd });
    expect(text(advanced(runtime, 10))).toContain(
      "CUDA error: no kernel image is available for execution on the device",
    );
  });

  it("refuses bfloat16 before Ampere, and accepts half", () => {
    const gpu = { id: "Tesla V100-SXM2-32GB", count: 1, memoryGb: 32, computeCapability: "7.0" };
    const image = "vllm/vllm-openai:v0.19.0";
    const cmd = ["Qwen/Qwen3-0.6B"];
    const refused = advanced(container({ image, gpu, cmd }), 10);
    expect(text(refused)).toContain("Bfloat16 is only supported on GPUs with compute capability");
    const half = container({ image, gpu, cmd: [...cmd, "--dtype", "half"] });
    expect(advanced(half, 10).listening(8000)).toBe(true);
  });

  it("does not start on a machine without a GPU", () => {
    expect(text(advanced(container({ gpu: null }), 10))).toContain("Failed to infer device type");
  });

  it("refuses more parallelism than there are GPUs, with the release's message", () => {
    const cmd = ["--model", "Qwen/Qwen3-30B-A3B", "--tensor-parallel-size", "2"];
    expect(text(advanced(container({ cmd }), 10))).toContain(
      "World size (2) is larger than the number of available GPUs (1) in this node.",
    );
    const old = container({ image: "vllm/vllm-openai:v0.11.0", cmd });
    expect(text(advanced(old, 10))).toContain("The number of required GPUs exceeds");
  });

  it("refuses a parallelism that does not divide the attention heads", () => {
    const cmd = ["Qwen/Qwen3-30B-A3B", "-tp", "3"];
    expect(text(advanced(container({ gpu: { ...H100, count: 3 }, cmd }), 10))).toContain(
      "Total number of attention heads (32) must be divisible by tensor parallel size (3).",
    );
  });
});

describe("models that are not available", () => {
  it.each(["no-organization", "acme/does-not-exist"])("are not found: %s", (id) => {
    const log = text(advanced(container({ cmd: [id] }), 10));
    expect(log).toContain("RepositoryNotFoundError: 401 Client Error.");
    expect(log).toContain(`${id} is not a local folder and is not a valid model identifier`);
  });

  it.each(["meta-llama/Llama-3.1-8B-Instruct", "google/gemma-2-9b-it"])(
    "are refused without a token and served with one: %s",
    (id) => {
      const cmd = [id, "--max-model-len", "8192"];
      const log = text(advanced(container({ cmd }), 10));
      expect(log).toContain("huggingface_hub.errors.GatedRepoError: 401 Client Error.");
      expect(log).toContain("Cannot access gated repo for url");
      const withToken = container({ cmd, env: { HF_TOKEN: "hf_test" } });
      expect(advanced(withToken, 10).listening(8000)).toBe(true);
    },
  );

  it("refuses a context longer than the model's", () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--max-model-len", "65536"];
    expect(text(advanced(container({ cmd }), 10))).toContain(
      "User-specified max_model_len (65536) is greater than the derived max_model_len",
    );
  });

  it("refuses a quantization that the weights do not have", () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--quantization", "awq"];
    expect(text(advanced(container({ cmd }), 10))).toContain("Cannot find the config file for awq");
  });
});
