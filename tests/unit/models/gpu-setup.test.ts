import { modelFiles, readGpuSetup, readServer, type ServerSpec } from "../../../models/src";

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

  test.each([
    [[], 1],
    [["--nnodes", "1"], 1],
    [["--nnodes", "4"], 4],
    [["--nnodes", "$NODES"], null],
    [["--distributed-executor-backend", "ray"], null],
    [["--headless"], null],
  ])("counts the machines of %p", (args, nodes) => {
    expect(vllm(...args).nodes).toBe(nodes);
  });

  test("counts other machines where the command joins a Ray cluster", () => {
    const script = "ray start --head && vllm serve Qwen/Qwen3-8B --tensor-parallel-size 16";
    const spec = { imageName: "acme/serve", dockerEntrypoint: ["bash", "-c"] };
    expect(setupOf({ ...spec, dockerStartCmd: [script] }).nodes).toBeNull();
  });

  test.each([
    [["--cpu-offload-gb", "80"], 80],
    [["--cpu_offload_gb=4"], 4],
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

  test("knows no amount for Ollama and llama.cpp, which move what does not fit", () => {
    const dockerEntrypoint = ["bash", "-c"];
    const dockerStartCmd = ["ollama serve & ollama pull a:7b; ollama pull b:7b; ollama pull a:7b"];
    const spec = { imageName: "ollama/ollama:0.12.6", dockerEntrypoint, dockerStartCmd };
    expect(setupOf(spec)).toMatchObject({ offloadedGb: null, companions: ["b:7b"] });
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
