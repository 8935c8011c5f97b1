import type { ServerKind } from "./server-words";

export type Setting =
  | "model"
  | "host"
  | "port"
  | "maxModelLen"
  | "tensorParallel"
  | "gpuMemoryUtilization"
  | "quantization"
  | "downloadDir"
  | "key";

/** How a server reads its settings, and their defaults. */
export interface Dialect {
  readonly options: Partial<Readonly<Record<Setting, readonly string[]>>>;
  readonly variables: Partial<Readonly<Record<Setting, string>>>;
  /** Whether the model may be the first positional argument. */
  readonly takesModel: boolean;
  /** Default listen address; null if releases differ or the server has no port. */
  readonly host: string | null;
  readonly port: number | null;
  /** 0 if the server shortens the length to fit in memory. */
  readonly maxModelLen: number | null;
  readonly tensorParallel: number | null;
  readonly asksForKey: boolean | null;
  /** Whether it loads a GGUF file of about four bits per weight by default. */
  readonly isGguf: boolean;
}

/** All addresses of the container. */
export const EVERYWHERE = "0.0.0.0";
const LOCAL = "127.0.0.1";

const DEFAULTS: Omit<Dialect, "options" | "port"> = {
  variables: {},
  takesModel: false,
  host: EVERYWHERE,
  maxModelLen: 0,
  tensorParallel: null,
  asksForKey: false,
  isGguf: false,
};

const VLLM_OPTIONS: Dialect["options"] = {
  model: ["--model"],
  host: ["--host"],
  port: ["--port"],
  maxModelLen: ["--max-model-len"],
  tensorParallel: ["--tensor-parallel-size", "-tp"],
  gpuMemoryUtilization: ["--gpu-memory-utilization"],
  quantization: ["--quantization", "-q"],
  downloadDir: ["--download-dir"],
  key: ["--api-key"],
};

const ROUTER_OPTIONS: Dialect["options"] = {
  model: ["--model-id"],
  host: ["--hostname"],
  port: ["--port", "-p"],
  downloadDir: ["--huggingface-hub-cache"],
  key: ["--api-key"],
};

/** TGI and servers derived from it. HOSTNAME is the container's name, so it means all addresses. */
const TGI: Dialect = {
  ...DEFAULTS,
  options: {
    ...ROUTER_OPTIONS,
    maxModelLen: ["--max-total-tokens"],
    tensorParallel: ["--num-shard"],
    gpuMemoryUtilization: ["--cuda-memory-fraction"],
    quantization: ["--quantize"],
  },
  variables: {
    model: "MODEL_ID",
    port: "PORT",
    maxModelLen: "MAX_TOTAL_TOKENS",
    tensorParallel: "NUM_SHARD",
    gpuMemoryUtilization: "CUDA_MEMORY_FRACTION",
    quantization: "QUANTIZE",
    key: "API_KEY",
  },
  port: 3000,
};

/** From the servers' documentation and argument parsers. */
export const DIALECTS: Readonly<Record<ServerKind, Dialect>> = {
  vllm: {
    ...DEFAULTS,
    options: VLLM_OPTIONS,
    variables: { key: "VLLM_API_KEY" },
    takesModel: true,
    port: 8000,
    maxModelLen: null,
    tensorParallel: 1,
  },
  aphrodite: {
    ...DEFAULTS,
    options: { ...VLLM_OPTIONS, key: ["--api-keys", "--api-key"] },
    takesModel: true,
    port: 2242,
    maxModelLen: null,
    tensorParallel: 1,
    asksForKey: null,
  },
  sglang: {
    ...DEFAULTS,
    options: {
      model: ["--model-path", "--model"],
      host: ["--host"],
      port: ["--port"],
      maxModelLen: ["--context-length"],
      tensorParallel: ["--tp-size", "--tp", "--tensor-parallel-size"],
      gpuMemoryUtilization: ["--mem-fraction-static"],
      quantization: ["--quantization"],
      downloadDir: ["--download-dir"],
      key: ["--api-key"],
    },
    takesModel: true,
    host: LOCAL,
    port: 30_000,
    tensorParallel: 1,
  },
  tgi: TGI,
  lorax: TGI,
  tei: {
    ...DEFAULTS,
    options: ROUTER_OPTIONS,
    variables: { model: "MODEL_ID", port: "PORT", key: "API_KEY" },
    port: 3000,
    tensorParallel: 1,
  },
  infinity: {
    ...DEFAULTS,
    options: { model: ["--model-id"], host: ["--host"], port: ["--port"], key: ["--api-key"] },
    variables: {
      model: "INFINITY_MODEL_ID",
      host: "INFINITY_HOST",
      port: "INFINITY_PORT",
      key: "INFINITY_API_KEY",
    },
    port: 7997,
    tensorParallel: 1,
  },
  "llama.cpp": {
    ...DEFAULTS,
    options: {
      model: ["-hf", "-hfr", "--hf-repo"],
      host: ["--host"],
      port: ["--port"],
      maxModelLen: ["--ctx-size", "-c"],
      key: ["--api-key", "--api-key-file"],
    },
    variables: {
      model: "LLAMA_ARG_HF_REPO",
      host: "LLAMA_ARG_HOST",
      port: "LLAMA_ARG_PORT",
      maxModelLen: "LLAMA_ARG_CTX_SIZE",
      key: "LLAMA_API_KEY",
    },
    host: LOCAL,
    // The default changed from 8080 to 9931.
    port: null,
    isGguf: true,
  },
  koboldcpp: {
    ...DEFAULTS,
    options: {
      model: ["--model"],
      host: ["--host"],
      port: ["--port"],
      maxModelLen: ["--contextsize"],
      key: ["--password"],
    },
    port: 5001,
    isGguf: true,
  },
  ollama: {
    ...DEFAULTS,
    options: {},
    variables: { maxModelLen: "OLLAMA_CONTEXT_LENGTH" },
    host: LOCAL,
    port: 11_434,
    isGguf: true,
  },
  lmdeploy: {
    ...DEFAULTS,
    options: {
      model: ["--model-path"],
      host: ["--server-name"],
      port: ["--server-port"],
      maxModelLen: ["--session-len"],
      tensorParallel: ["--tp"],
      gpuMemoryUtilization: ["--cache-max-entry-count"],
      downloadDir: ["--download-dir"],
      key: ["--api-keys"],
    },
    takesModel: true,
    port: 23_333,
    tensorParallel: 1,
  },
  trtllm: {
    ...DEFAULTS,
    options: {
      model: ["--model"],
      host: ["--host"],
      port: ["--port"],
      maxModelLen: ["--max-seq-len"],
      tensorParallel: ["--tp-size"],
    },
    takesModel: true,
    host: "localhost",
    port: 8000,
    tensorParallel: 1,
  },
  mlc: {
    ...DEFAULTS,
    options: { host: ["--host"], port: ["--port"], key: ["--api-key"] },
    takesModel: true,
    host: LOCAL,
    port: 8000,
  },
  "worker-vllm": {
    ...DEFAULTS,
    options: {},
    variables: {
      model: "MODEL_NAME",
      maxModelLen: "MAX_MODEL_LEN",
      tensorParallel: "TENSOR_PARALLEL_SIZE",
      gpuMemoryUtilization: "GPU_MEMORY_UTILIZATION",
      quantization: "QUANTIZATION",
      downloadDir: "DOWNLOAD_DIR",
    },
    host: null,
    port: null,
    maxModelLen: null,
    asksForKey: null,
  },
};
