import {
  LATEST_VLLM,
  modelFiles,
  readGpuSetup,
  readServer,
  type ServerSpec,
} from "../../../models/src";

function setupOf(spec: ServerSpec) {
  const command = readServer(spec);
  if (command === null) {
    throw new Error("no server");
  }
  return readGpuSetup(spec, command);
}

const vllm = (...more: string[]) =>
  setupOf({
    imageName: "vllm/vllm-openai:v0.24.0",
    dockerStartCmd: ["Qwen/Qwen3-8B", ...more],
  });

describe("How a server divides GPU memory", () => {
  test.each([
    ["v0.20.0", { utilization: 0.9, countsGraphs: false }],
    ["v0.21.0", { utilization: 0.92, countsGraphs: true }],
    ["v0.33.0-cu130", { utilization: 0.92, countsGraphs: true }],
    ["latest", { utilization: 0.92, countsGraphs: true }],
  ])("follows vLLM's release %s", (tag, expected) => {
    const spec = { imageName: `vllm/vllm-openai:${tag}`, dockerStartCmd: ["Qwen/Qwen3-8B"] };
    expect(setupOf(spec)).toMatchObject(expected);
  });

  test("follows the command", () => {
    const setup = vllm(
      ...["--gpu-memory-utilization", "0.8", "--max-num-seqs=64", "--max-num-batched-tokens"],
      ...["4096", "--kv-cache-dtype", "fp8", "-pp", "2", "--enforce-eager"],
    );
    expect(setup).toMatchObject({
      utilization: 0.8,
      maxNumSeqs: 64,
      maxNumBatchedTokens: 4096,
      kvCacheBytes: 1,
      pipelineParallel: 2,
      tensorParallel: 1,
      countsGraphs: false,
    });
  });

  test("follows the worker's variables", () => {
    const env = {
      MODEL_NAME: "Qwen/Qwen3-8B",
      MAX_NUM_SEQS: "16",
      ENFORCE_EAGER: "true",
      SPECULATIVE_CONFIG: '{"model":"acme/draft-1b"}',
    };
    expect(setupOf({ imageName: "runpod/worker-v1-vllm:v2.25.2", env })).toMatchObject({
      utilization: 0.95,
      maxNumSeqs: 16,
      countsGraphs: false,
      companions: ["acme/draft-1b"],
    });
  });

  test("counts a size that is not known yet as all GPUs", () => {
    const script = "vllm serve Qwen/Qwen3-8B --tensor-parallel-size $(nvidia-smi -L | wc -l)";
    const spec = { imageName: "acme/serve", dockerEntrypoint: ["bash", "-c"] };
    expect(setupOf({ ...spec, dockerStartCmd: [script] }).tensorParallel).toBeNull();
  });

  const share = (imageName: string, ...dockerStartCmd: string[]) => {
    const { utilization, countsActivations, countsGraphs } = setupOf({ imageName, dockerStartCmd });
    return { utilization, countsActivations, countsGraphs };
  };
  const SGLANG = ["python3", "-m", "sglang.launch_server", "--model-path", "a/b"];

  test("follows the server: only vLLM and SGLang count CUDA graphs", () => {
    const counted = { countsActivations: true, countsGraphs: true };
    const uncounted = { countsActivations: true, countsGraphs: false };
    expect(share("vllm/vllm-openai:v0.24.0", "a/b")).toEqual({ utilization: 0.92, ...counted });
    expect(share("lmsysorg/sglang:v0.5.6", ...SGLANG)).toEqual({ utilization: 0.96, ...counted });
    expect(share("lmsysorg/sglang:v0.5.6", ...SGLANG, "--mem-fraction-static", "0.8")).toEqual({
      ...{ utilization: 0.8, countsActivations: false, countsGraphs: true },
    });
    const tgi = "ghcr.io/huggingface/text-generation-inference:3.3.5";
    expect(share(tgi, "--model-id", "a/b")).toEqual({ utilization: 1, ...uncounted });
    const llama = "ghcr.io/ggml-org/llama.cpp:server-cuda";
    expect(share(llama, "-hf", "a/b-GGUF")).toEqual({ utilization: 0.97, ...uncounted });
  });

  test.each([
    ["v0.16.0", 39, 0.46],
    ["v0.17.0", 15.5, 0.46],
    ["v0.23.0", 15.5, 0.46],
    ["v0.24.0", 6.1, 0.31],
    ["0.16.2", 39, 0.46],
    ["cu128-v0.16.0", 6.1, 0.31],
    ["nightly", 6.1, 0.31],
  ])("knows what vLLM %s needs in addition to the share", (tag, samplerBytes, buffersGib) => {
    const spec = { imageName: `vllm/vllm-openai:${tag}`, dockerStartCmd: ["a/b"] };
    expect(setupOf(spec)).toMatchObject({ samplerBytes, buffersGib });
  });

  test.each([
    ["--pipeline-parallel-size", { pipelineParallel: 3 }],
    ["-pp", { pipelineParallel: 3 }],
    ["--pp-size", { pipelineParallel: 3 }],
    ["--pp", { pipelineParallel: 3 }],
    ["--tensor-parallel-size", { tensorParallel: 3 }],
    ["-tp", { tensorParallel: 3 }],
    ["--max-num-seqs", { maxNumSeqs: 3 }],
    ["--max-running-requests", { maxNumSeqs: 3 }],
    ["--max-num-batched-tokens", { maxNumBatchedTokens: 3 }],
    ["--chunked-prefill-size", { maxNumBatchedTokens: 3 }],
  ])("reads %s", (name, expected) => {
    expect(vllm(name, "3")).toMatchObject(expected);
    expect(vllm(name, "x")).not.toMatchObject(expected);
  });

  test.each([
    ["auto", 2],
    ["fp8_e5m2", 1],
    ["int8", 1],
  ])("caches %s in %d bytes", (type, bytes) => {
    expect(vllm("--kv-cache-dtype", type).kvCacheBytes).toBe(bytes);
  });

  test.each(["--data-parallel-size", "-dp", "--dp-size", "--dp"])(
    "spreads experts over the layers' GPUs times %s, if that is on",
    (name) => {
      expect(vllm("-tp", "2", name, "4", "--enable-expert-parallel").expertGpus).toBe(8);
      expect(vllm("-tp", "2", name, "4", "--enable-ep").expertGpus).toBe(8);
      expect(vllm("-tp", "2", name, "4").expertGpus).toBe(1);
      expect(vllm("-tp", "2", "--enable-ep").expertGpus).toBe(2);
    },
  );

  test.each(["--tensor-parallel-size", "-tp", "--tp-size", "--tp", "--num-shard"])(
    "counts %s from a variable as all GPUs",
    (name) => {
      const script = `vllm serve Qwen/Qwen3-8B ${name} $(nvidia-smi -L | wc -l) --enable-ep -dp 2`;
      const spec = { imageName: "acme/serve", dockerEntrypoint: ["bash", "-c"] };
      const setup = setupOf({ ...spec, dockerStartCmd: [script] });
      expect(setup).toMatchObject({ tensorParallel: null, expertGpus: 2 });
    },
  );

  test("has no companions without a command that names them", () => {
    expect(LATEST_VLLM.companions).toEqual([]);
    const script = "hf download a/b; hf download c/d; vllm serve a/b";
    const spec = { imageName: "acme/serve", dockerEntrypoint: ["bash", "-c"] };
    expect(setupOf({ ...spec, dockerStartCmd: [script] }).companions).toEqual([]);
  });

  test.each([
    [[], 1],
    [["--nnodes", "1"], 1],
    [["--nnodes", "4"], 4],
    [["--nnodes", "$NODES"], null],
    [["--distributed-executor-backend", "ray"], null],
    [["--headless"], null],
    [["--node-rank", "1"], null],
    [["--data-parallel-address", "10.0.0.1"], null],
    [["--headless-mode"], 1],
    [["x--headless"], 1],
  ])("counts the machines of %p", (args, nodes) => {
    expect(vllm(...args).nodes).toBe(nodes);
  });

  test("counts other machines where the command joins a Ray cluster", () => {
    const script = "ray start --head && vllm serve Qwen/Qwen3-8B --tensor-parallel-size 16";
    const spec = { imageName: "acme/serve", dockerEntrypoint: ["bash", "-c"] };
    expect(setupOf({ ...spec, dockerStartCmd: [script] }).nodes).toBeNull();
    for (const before of ["ray status", "service start", "echo"]) {
      const text = `${before} && vllm serve Qwen/Qwen3-8B`;
      expect(setupOf({ ...spec, dockerStartCmd: [text] }).nodes).toBe(1);
    }
  });

  test.each([
    [["--cpu-offload-gb", "80"], 80],
    [["--cpu_offload_gb=4"], 4],
    [["--cpu-offload-gb", "8.25"], 8.25],
    [["--cpu-offload-gb", "8", "--offload-gb=12"], 20],
    [["--cpu-offload-gb", "80x"], null],
    [["--cpu-offload-gb"], null],
    [["--cpu-offload-gbs", "8"], null],
    [["--kt-weight-path", "/models/x"], null],
    [["--disable-offload"], 0],
    [["--x--cpu-offload"], null],
    [["x--cpu-offload-gb", "8"], 0],
    [["--offload-group-size", "8"], null],
    [["--kv-offloading-size", "20"], 0],
    [["--kv-transfer-config", '{"kv_connector":"OffloadingConnector"}'], 0],
    [["--kv-transfer-config", '{"kv_connector":"LMCacheConnectorV1"}'], 0],
    [["--no-offload-weights"], 0],
  ])("reads how much of the weights %p moves to the host", (args, gb) => {
    expect(vllm(...args).offloadedGb).toBe(gb);
  });

  test("finds the offload in an entrypoint", () => {
    const dockerEntrypoint = ["vllm", "serve", "Qwen/Qwen3-8B", "--cpu-offload-gb", "10"];
    const spec = { imageName: "vllm/vllm-openai:v0.24.0", dockerEntrypoint };
    expect(setupOf(spec).offloadedGb).toBe(10);
  });

  test.each([
    ["--cpu-offload-gb 8 --model a/b", 8],
    ["--cpu-offload-gb='8'", 8],
    ['--cpu-offload-gb "16"', 16],
  ])("finds the offload in the command %s", (text, gb) => {
    const spec = { imageName: "vllm/vllm-openai:v0.24.0" };
    expect(setupOf({ ...spec, dockerStartCmd: text.split(" ") }).offloadedGb).toBe(gb);
    const script = { ...spec, dockerEntrypoint: ["bash", "-c"] };
    const dockerStartCmd = [`vllm serve a/b ${text}`];
    expect(setupOf({ ...script, dockerStartCmd }).offloadedGb).toBe(gb);
  });

  test.each([
    [{ CPU_OFFLOAD_GB: "10" }, 10],
    [{ CPU_OFFLOAD_PARAMS: "experts" }, null],
    [{ MY_CPU_OFFLOAD_GB: "10" }, 0],
    [{}, 0],
  ])("reads the offload in the variables %j", (env, gb) => {
    const imageName = "runpod/worker-v1-vllm:v2.25.2";
    expect(setupOf({ imageName, env: { MODEL_NAME: "a/b", ...env } }).offloadedGb).toBe(gb);
  });

  test("knows no amount for Ollama and llama.cpp, which move what does not fit", () => {
    const dockerEntrypoint = ["bash", "-c"];
    const dockerStartCmd = ["ollama serve & ollama pull a:7b; ollama pull b:7b; ollama pull a:7b"];
    const spec = { imageName: "ollama/ollama:0.12.6", dockerEntrypoint, dockerStartCmd };
    expect(setupOf(spec)).toMatchObject({ offloadedGb: null, companions: ["b:7b"] });
    const llama = {
      imageName: "ghcr.io/ggml-org/llama.cpp:server-cuda",
      dockerStartCmd: ["-hf", "a/b"],
    };
    expect(setupOf(llama).offloadedGb).toBeNull();
    const kobold = { imageName: "a/b", dockerStartCmd: ["koboldcpp", "--model", "a/b"] };
    expect(setupOf(kobold).offloadedGb).toBeNull();
  });

  test.each([
    ["--speculative-config", '{"model": "acme/draft-1b", "num_speculative_tokens": 3}'],
    ["--speculative-model", "acme/draft-1b"],
    ["--speculative-draft-model-path", "acme/draft-1b"],
    ["--speculative-draft-model", "acme/draft-1b"],
    ["--hf-repo-draft", "acme/draft-1b"],
    ["-hfd", "acme/draft-1b"],
  ])("finds the draft model of %s, in GPU memory and on disk", (...args) => {
    const spec = { imageName: "vllm/vllm-openai:v0.24.0", dockerStartCmd: ["a/b", ...args] };
    expect(setupOf(spec).companions).toEqual(["acme/draft-1b"]);
    expect(modelFiles(spec).map(({ name }) => name)).toEqual(["a/b", "acme/draft-1b"]);
  });

  test.each([
    ["--speculative-model", "[ngram]"],
    ["--speculative-config", '{"method": "ngram", "num_speculative_tokens": 5}'],
    ["--speculative-config", '{"model": "$DRAFT"}'],
  ])("finds no draft model in %s %s", (...args) => {
    expect(vllm(...args).companions).toEqual([]);
  });
});
