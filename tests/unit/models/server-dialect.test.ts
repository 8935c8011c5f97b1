import { readServer, type ServerCommand } from "../../../models/src/server";

/** A server of a command without an image. */
function read(command: string, env: Record<string, string> = {}): ServerCommand | null {
  return readServer({ dockerStartCmd: command.split(" "), env });
}

/** What a server has by default. */
const DEFAULTS = {
  model: "a/b",
  host: "0.0.0.0",
  maxModelLen: 0,
  tensorParallel: null,
  gpuMemoryUtilization: null,
  quantization: null,
  downloadDir: null,
  asksForKey: false,
  isAlone: true,
  ldLibraryPath: null,
};

describe("Without settings, a server has its documented defaults", () => {
  test.each<[string, Partial<ServerCommand>]>([
    ["vllm serve a/b", { server: "vllm", port: 8000, maxModelLen: null, tensorParallel: 1 }],
    [
      "aphrodite run a/b",
      { server: "aphrodite", port: 2242, maxModelLen: null, tensorParallel: 1, asksForKey: null },
    ],
    ["sglang serve a/b", { server: "sglang", host: "127.0.0.1", port: 30_000, tensorParallel: 1 }],
    ["text-generation-launcher --model-id a/b", { server: "tgi", port: 3000 }],
    ["lorax-launcher --model-id a/b", { server: "lorax", port: 3000 }],
    ["text-embeddings-router --model-id a/b", { server: "tei", port: 3000, tensorParallel: 1 }],
    ["infinity_emb v2 --model-id a/b", { server: "infinity", port: 7997, tensorParallel: 1 }],
    [
      "llama-server -hf a/b",
      { server: "llama.cpp", host: "127.0.0.1", port: null, quantization: "Q4_K_M" },
    ],
    ["koboldcpp --model a/b", { server: "koboldcpp", port: 5001, quantization: "Q4_K_M" }],
    ["lmdeploy serve api_server a/b", { server: "lmdeploy", port: 23_333, tensorParallel: 1 }],
    ["trtllm-serve a/b", { server: "trtllm", host: "localhost", port: 8000, tensorParallel: 1 }],
    ["mlc_llm serve a/b", { server: "mlc", host: "127.0.0.1", port: 8000 }],
  ])("%s", (command, own) => {
    expect(read(command)).toEqual({ ...DEFAULTS, ...own });
  });

  test("ollama serve", () => {
    const own = { server: "ollama", model: null, host: "127.0.0.1", port: 11_434 };
    expect(read("ollama serve")).toEqual({ ...DEFAULTS, ...own });
    const pulled = readServer({ dockerStartCmd: ["sh", "-c", "ollama pull qwen3; ollama serve"] });
    expect(pulled).toMatchObject({ model: "qwen3", quantization: "Q4_K_M" });
  });

  test("RunPod's worker", () => {
    expect(readServer({ imageName: "runpod/worker-v1-vllm:v2.25.2" })).toEqual({
      ...DEFAULTS,
      server: "worker-vllm",
      model: null,
      host: null,
      port: null,
      maxModelLen: null,
      asksForKey: null,
    });
  });
});

/** All settings that a server has options or variables for. */
const SET = {
  model: "a/b",
  host: "1.2.3.4",
  port: 9000,
  maxModelLen: 100,
  tensorParallel: 4,
  gpuMemoryUtilization: 0.8,
  quantization: "awq",
  downloadDir: "/d",
  asksForKey: true,
};

describe("Every option of a server is read", () => {
  test.each<[string, Partial<ServerCommand>]>([
    [
      "vllm serve --model a/b --host 1.2.3.4 --port 9000 --max-model-len 100 --tensor-parallel-size 4 --gpu-memory-utilization 0.8 --quantization awq --download-dir /d --api-key k",
      SET,
    ],
    ["vllm serve a/b -tp 4 -q awq", { tensorParallel: 4, quantization: "awq" }],
    ["aphrodite run a/b --api-keys k", { asksForKey: true }],
    ["aphrodite run a/b --api-key k --max-model-len 100", { asksForKey: true, maxModelLen: 100 }],
    [
      "sglang serve --model-path a/b --host 1.2.3.4 --port 9000 --context-length 100 --tp-size 4 --mem-fraction-static 0.8 --quantization awq --download-dir /d --api-key k",
      SET,
    ],
    ["sglang serve --model a/b --tp 4", { model: "a/b", tensorParallel: 4 }],
    ["sglang serve a/b --tensor-parallel-size 4", { tensorParallel: 4 }],
    [
      "text-generation-launcher --model-id a/b --hostname 1.2.3.4 --port 9000 --max-total-tokens 100 --num-shard 4 --cuda-memory-fraction 0.8 --quantize awq --huggingface-hub-cache /d --api-key k",
      SET,
    ],
    ["text-generation-launcher -p 9000", { port: 9000 }],
    [
      "infinity_emb v2 --model-id a/b --host 1.2.3.4 --port 9000 --api-key k",
      { model: "a/b", host: "1.2.3.4", port: 9000, asksForKey: true },
    ],
    [
      "llama-server -hf a/b --host 1.2.3.4 --port 9000 --ctx-size 100 --api-key k",
      { model: "a/b", host: "1.2.3.4", port: 9000, maxModelLen: 100, asksForKey: true },
    ],
    ["llama-server -hfr a/b -c 100", { model: "a/b", maxModelLen: 100 }],
    ["llama-server --hf-repo a/b --api-key-file /k", { model: "a/b", asksForKey: true }],
    [
      "koboldcpp --model a/b --host 1.2.3.4 --port 9000 --contextsize 100 --password k",
      { model: "a/b", host: "1.2.3.4", port: 9000, maxModelLen: 100, asksForKey: true },
    ],
    [
      "lmdeploy serve api_server --model-path a/b --server-name 1.2.3.4 --server-port 9000 --session-len 100 --tp 4 --cache-max-entry-count 0.8 --download-dir /d --api-keys k",
      { ...SET, quantization: null },
    ],
    [
      "trtllm-serve --model a/b --host 1.2.3.4 --port 9000 --max_seq_len 100 --tp_size 4",
      { model: "a/b", host: "1.2.3.4", port: 9000, maxModelLen: 100, tensorParallel: 4 },
    ],
    ["trtllm-serve a/b --max-seq-len 100 --tp-size 4", { maxModelLen: 100, tensorParallel: 4 }],
    [
      "mlc_llm serve a/b --host 1.2.3.4 --port 9000 --api-key k",
      { host: "1.2.3.4", port: 9000, asksForKey: true },
    ],
  ])("%s", (command, settings) => {
    expect(read(command)).toMatchObject(settings);
  });
});

describe("Every variable of a server is read", () => {
  test.each<[string, Record<string, string>, Partial<ServerCommand>]>([
    ["vllm serve a/b", { VLLM_API_KEY: "k" }, { asksForKey: true }],
    [
      "text-generation-launcher",
      {
        MODEL_ID: "a/b",
        PORT: "9000",
        MAX_TOTAL_TOKENS: "100",
        NUM_SHARD: "4",
        CUDA_MEMORY_FRACTION: "0.8",
        QUANTIZE: "awq",
        API_KEY: "k",
      },
      { ...SET, host: "0.0.0.0", downloadDir: null },
    ],
    [
      "text-embeddings-router",
      { MODEL_ID: "a/b", PORT: "9000", API_KEY: "k" },
      { model: "a/b", port: 9000, asksForKey: true },
    ],
    [
      "infinity_emb v2",
      {
        INFINITY_MODEL_ID: "a/b",
        INFINITY_HOST: "1.2.3.4",
        INFINITY_PORT: "9000",
        INFINITY_API_KEY: "k",
      },
      { model: "a/b", host: "1.2.3.4", port: 9000, asksForKey: true },
    ],
    [
      "llama-server",
      {
        LLAMA_ARG_HF_REPO: "a/b",
        LLAMA_ARG_HOST: "1.2.3.4",
        LLAMA_ARG_PORT: "9000",
        LLAMA_ARG_CTX_SIZE: "100",
        LLAMA_API_KEY: "k",
      },
      { model: "a/b", host: "1.2.3.4", port: 9000, maxModelLen: 100, asksForKey: true },
    ],
    ["ollama serve", { OLLAMA_CONTEXT_LENGTH: "100" }, { maxModelLen: 100 }],
  ])("%s", (command, env, settings) => {
    expect(read(command, env)).toMatchObject(settings);
  });

  test("RunPod's worker", () => {
    const env = {
      MODEL_NAME: "a/b",
      MAX_MODEL_LEN: "100",
      TENSOR_PARALLEL_SIZE: "4",
      GPU_MEMORY_UTILIZATION: "0.8",
      QUANTIZATION: "awq",
      DOWNLOAD_DIR: "/d",
    };
    expect(readServer({ imageName: "runpod/worker-v1-vllm:v2.25.2", env })).toMatchObject({
      ...SET,
      host: null,
      port: null,
      asksForKey: null,
    });
  });

  test("but an option wins", () => {
    expect(read("llama-server --port 1", { LLAMA_ARG_PORT: "2" })?.port).toBe(1);
  });
});

test.each(["text-generation-launcher a/b", "text-embeddings-router a/b", "llama-server a/b"])(
  "A word without an option is no model: %s",
  (command) => {
    expect(read(command)?.model).toBeNull();
  },
);
