import { findLaunch, type Launch, type ServerSpec } from "./launch";
import { option, positional } from "./options";
import type { ServerKind } from "./server-image";

/** A model server as its command line and environment set it up; null where neither says. */
export interface ServerCommand {
  readonly server: ServerKind;
  /** The model as given: a repository id, a path, or for Ollama and llama.cpp their own notation. */
  readonly model: string | null;
  /** Where it listens; null where the image's default is not known, and for workers without a port. */
  readonly port: number | null;
  /**
   * The context length it must hold; null for the model's own, 0 where the server shortens it to
   * what the memory holds: vLLM told `auto`, and all other servers that are told nothing.
   */
  readonly maxModelLen: number | null;
  /** GPUs that share the model; null where the server takes all it finds. */
  readonly tensorParallel: number | null;
  readonly gpuMemoryUtilization: number | null;
  /** As the server is told, or its documented default for GGUF models. */
  readonly quantization: string | null;
  readonly downloadDir: string | null;
  /** Whether callers of the model's routes must show a key. */
  readonly asksForKey: boolean | null;
  /** `LD_LIBRARY_PATH` in force when the server starts: of the pod or of its command. */
  readonly ldLibraryPath: string | null;
}

/**
 * Reads which model server a container runs and how: from its arguments, from a shell's `-c`, or
 * from the environment where the server reads that. null if it serves no model as far as known.
 * Never throws.
 *
 * @example
 * readServer({
 *   imageName: "vllm/vllm-openai:v0.16.0",
 *   dockerEntrypoint: ["bash", "-c"],
 *   dockerStartCmd: ["export HF_HOME=/workspace && exec vllm serve Qwen/Qwen3-8B --port 80"],
 * }) // { server: "vllm", model: "Qwen/Qwen3-8B", port: 80, tensorParallel: 1, … }
 */
export function readServer(spec: ServerSpec): ServerCommand | null {
  const launch = findLaunch(spec);
  if (!launch) return null;
  const read = (setting: Setting) => readSetting(launch, setting);
  const dialect = DIALECTS[launch.server];
  const inFile = option(launch.args, ["--config"]) !== null;
  const model = dialect.readModel(launch);
  return {
    server: launch.server,
    model,
    port: count(read("port")) ?? dialect.port(launch),
    maxModelLen: length(read("maxModelLen")) ?? (inFile ? null : dialect.unsaidLength),
    tensorParallel: count(read("tensorParallel")) ?? (inFile ? null : dialect.unsaidGpus),
    gpuMemoryUtilization: number(read("gpuMemoryUtilization")),
    quantization: read("quantization") ?? dialect.unsaidQuantization(model),
    downloadDir: read("downloadDir"),
    asksForKey: rawSetting(launch, "key") ? true : inFile ? null : dialect.unsaidKey,
    ldLibraryPath: launch.variables["LD_LIBRARY_PATH"] || null,
  };
}

type Setting =
  | "model"
  | "port"
  | "maxModelLen"
  | "tensorParallel"
  | "gpuMemoryUtilization"
  | "quantization"
  | "downloadDir"
  | "key";

/** How a server is told its settings, and what holds for what it is not told. */
interface Dialect {
  readonly options: Partial<Readonly<Record<Setting, readonly string[]>>>;
  readonly variables: Partial<Readonly<Record<Setting, string>>>;
  readonly readModel: (launch: Launch) => string | null;
  readonly port: (launch: Launch) => number | null;
  readonly unsaidLength: number | null;
  readonly unsaidGpus: number | null;
  readonly unsaidKey: boolean | null;
  readonly unsaidQuantization: (model: string | null) => string | null;
}

const DEFAULTS: Omit<Dialect, "options" | "variables" | "port"> = {
  readModel: (launch) => readSetting(launch, "model"),
  unsaidLength: 0,
  unsaidGpus: null,
  unsaidKey: false,
  unsaidQuantization: () => null,
};

const DIALECTS: Readonly<Record<ServerKind, Dialect>> = {
  vllm: {
    ...DEFAULTS,
    options: {
      model: ["--model"],
      port: ["--port"],
      maxModelLen: ["--max-model-len"],
      tensorParallel: ["--tensor-parallel-size", "-tp"],
      gpuMemoryUtilization: ["--gpu-memory-utilization"],
      quantization: ["--quantization", "-q"],
      downloadDir: ["--download-dir"],
      key: ["--api-key"],
    },
    variables: { key: "VLLM_API_KEY" },
    readModel: (launch) => readSetting(launch, "model") ?? known(positional(launch.args)),
    port: () => 8000,
    unsaidLength: null,
    unsaidGpus: 1,
  },
  sglang: {
    ...DEFAULTS,
    options: {
      model: ["--model-path", "--model"],
      port: ["--port"],
      maxModelLen: ["--context-length"],
      tensorParallel: ["--tp-size", "--tp", "--tensor-parallel-size"],
      gpuMemoryUtilization: ["--mem-fraction-static"],
      quantization: ["--quantization"],
      downloadDir: ["--download-dir"],
      key: ["--api-key"],
    },
    variables: {},
    readModel: (launch) => readSetting(launch, "model") ?? known(positional(launch.args)),
    port: () => 30_000,
    unsaidGpus: 1,
  },
  tgi: {
    ...DEFAULTS,
    options: {
      model: ["--model-id"],
      port: ["--port", "-p"],
      maxModelLen: ["--max-total-tokens"],
      tensorParallel: ["--num-shard"],
      gpuMemoryUtilization: ["--cuda-memory-fraction"],
      quantization: ["--quantize"],
      key: ["--api-key"],
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
    port: () => 3000,
  },
  "llama.cpp": {
    ...DEFAULTS,
    options: {
      model: ["-hf", "-hfr", "--hf-repo"],
      port: ["--port"],
      maxModelLen: ["--ctx-size", "-c"],
      quantization: ["-hff", "--hf-file"],
      key: ["--api-key", "--api-key-file"],
    },
    variables: {
      model: "LLAMA_ARG_HF_REPO",
      quantization: "LLAMA_ARG_HF_FILE",
      port: "LLAMA_ARG_PORT",
      maxModelLen: "LLAMA_ARG_CTX_SIZE",
      key: "LLAMA_API_KEY",
    },
    readModel: (launch) =>
      readSetting(launch, "model") ??
      known(option(launch.args, ["--model", "-m"]) ?? launch.variables["LLAMA_ARG_MODEL"]),
    // The default has moved from 8080 to 9931.
    port: () => null,
    unsaidQuantization: (model) => (model?.includes(".gguf") ? null : ggufOf(model)),
  },
  ollama: {
    ...DEFAULTS,
    options: {},
    variables: { maxModelLen: "OLLAMA_CONTEXT_LENGTH" },
    readModel: (launch) => known(launch.pulled[0]),
    port: (launch) =>
      count(/:(\d+)\/?$/.exec(launch.variables["OLLAMA_HOST"] ?? "")?.[1] ?? null) ?? 11_434,
    unsaidQuantization: ggufOf,
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
    port: () => null,
    unsaidLength: null,
    unsaidKey: null,
  },
};

function readSetting(launch: Launch, setting: Setting): string | null {
  return known(rawSetting(launch, setting));
}

/** As it is written, also where a variable is to be put in later. */
function rawSetting({ server, args, variables }: Launch, setting: Setting): string | undefined {
  const { options, variables: names } = DIALECTS[server];
  const name = names[setting];
  const fromVariable = name === undefined ? undefined : variables[name];
  return option(args, options[setting] ?? []) ?? fromVariable;
}

/** A value that is really there: neither empty nor what a variable or a command puts in later. */
function known(value: string | null | undefined): string | null {
  return value && !/[$`]/.test(value) ? value : null;
}

/** The quantization in a tag, as in `repository:Q8_0`, or that which both servers take without one. */
function ggufOf(model: string | null): string | null {
  if (model === null) return null;
  const lastWord = model.split(/\W/).at(-1) ?? "";
  return /i?q\d.*|b?fp?\d\d$/i.exec(lastWord)?.[0] ?? "Q4_K_M";
}

function number(text: string | null): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function count(text: string | null): number | null {
  const value = number(text);
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}

/** A length as servers take it: `32768`, `32k` (32,000), `32K` (32,768), `auto` or `-1`. */
function length(text: string | null): number | null {
  if (text === null) return null;
  if (/^(?:auto|-1|0)$/.test(text.trim())) return 0;
  const match = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(text.trim());
  if (!match) return null;
  const unit = { k: 1000, m: 1e6, K: 1024, M: 1024 ** 2 }[match[2] ?? ""] ?? 1;
  return Math.floor(Number(match[1]) * unit);
}
