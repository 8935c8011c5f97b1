import { serverOptions } from "@runpod-stack/models/data/server-options";
import { compareVersions } from "../../core/versions";
import { type FlagTable, flagKinds, parseCommandLine } from "../argparse";
import type { Environment } from "../machine";

/** What a vLLM command line asks for. */
export interface VllmOptions {
  model: string;
  servedNames: readonly string[];
  host: string;
  port: number;
  /** Null for the longest that the model allows. */
  maxModelLen: number | null;
  tensorParallel: number;
  pipelineParallel: number;
  utilization: number;
  apiKeys: readonly string[];
  downloadDir: string | null;
  quantization: string | null;
  dtype: string;
  kvCacheDtype: string;
  /** Whether the server can read calls of tools, and whether it leaves their choice to the model. */
  toolCallParser: string | null;
  autoToolChoice: boolean;
  /** Without `/docs` and `/openapi.json`. */
  disableDocs: boolean;
  /** Neither compiles nor captures graphs. */
  eager: boolean;
  /** The arguments as the log repeats them. */
  given: Readonly<Record<string, string | number | boolean>>;
}

/** argparse's error: the program's name and the message. */
export interface UsageError {
  usage: string;
  error: string;
}

/** The two ways to start the server; only `vllm serve` takes the model as a positional argument. */
export type VllmEntry = "vllm serve" | "api_server.py";

export function parseVllmOptions(
  entry: VllmEntry,
  args: readonly string[],
  env: Environment,
  version: string,
): VllmOptions | UsageError {
  const kinds = kindsOf(version);
  const positionals = entry === "vllm serve" ? 1 : 0;
  const line = parseCommandLine(args, { kinds, aliases: ALIASES, positionals });
  const usage = entry === "vllm serve" ? "vllm serve [model_tag] [options]" : `${entry} [options]`;
  if (line.error !== null) {
    return { usage, error: `${entry}: error: ${line.error}` };
  }
  const wrong = wrongNumber(line.flags);
  if (wrong !== null) {
    return { usage, error: `${entry}: error: ${wrong}` };
  }
  if (line.unrecognized.length > 0) {
    const program = entry === "vllm serve" ? "vllm" : entry;
    const rest = line.unrecognized.join(" ");
    return { usage, error: `${program}: error: unrecognized arguments: ${rest}` };
  }
  const one = (name: string) => line.flags.get(name)?.[0];
  const number = (name: string, otherwise: number) => Number(one(name) ?? otherwise);
  const model = line.positionals[0] ?? one("model") ?? defaultModel(version);
  const maxModelLen = humanNumber(one("max-model-len") ?? "-1");
  return {
    model,
    servedNames: line.flags.get("served-model-name") ?? [model],
    host: one("host") ?? "0.0.0.0",
    port: number("port", 8000),
    maxModelLen: maxModelLen !== null && maxModelLen > 0 ? maxModelLen : null,
    tensorParallel: number("tensor-parallel-size", 1),
    pipelineParallel: number("pipeline-parallel-size", 1),
    utilization: number("gpu-memory-utilization", 0.9),
    apiKeys: (line.flags.get("api-key") ?? [env["VLLM_API_KEY"] ?? ""]).filter(Boolean),
    downloadDir: one("download-dir") ?? null,
    quantization: one("quantization") ?? null,
    dtype: one("dtype") ?? "auto",
    kvCacheDtype: one("kv-cache-dtype") ?? "auto",
    toolCallParser: one("tool-call-parser") ?? null,
    autoToolChoice: line.flags.has("enable-auto-tool-choice"),
    disableDocs: line.flags.has("disable-fastapi-docs"),
    eager: line.flags.has("enforce-eager"),
    given: repeated(line.flags, line.positionals[0]),
  };
}

function wrongNumber(flags: ReadonlyMap<string, readonly string[]>): string | null {
  for (const name of ["port", "tensor-parallel-size", "pipeline-parallel-size"]) {
    const value = flags.get(name)?.[0];
    if (value !== undefined && !/^-?\d+$/.test(value)) {
      return `argument ${LABELS[name] ?? `--${name}`}: invalid int value: '${value}'`;
    }
  }
  const share = flags.get("gpu-memory-utilization")?.[0];
  if (share !== undefined && !Number.isFinite(Number(share))) {
    return `argument --gpu-memory-utilization: invalid float value: '${share}'`;
  }
  const length = flags.get("max-model-len")?.[0];
  if (length !== undefined && humanNumber(length) === null) {
    return `argument --max-model-len: invalid human_readable_int_or_auto value: '${length}'`;
  }
  return null;
}

/** `32k` is 32,000 and `32K` is 32,768; `auto` is -1. Null if it is no number. */
function humanNumber(text: string): number | null {
  if (text === "auto") {
    return -1;
  }
  const match = text.match(/^(-?\d+(?:\.\d+)?)([kKmMgG]?)$/);
  if (!match) {
    return null;
  }
  const factor =
    { k: 1e3, K: 2 ** 10, m: 1e6, M: 2 ** 20, g: 1e9, G: 2 ** 30 }[match[2] ?? ""] ?? 1;
  return Math.round(Number(match[1]) * factor);
}

function defaultModel(version: string): string {
  return compareVersions(version, "0.9.0") < 0 ? "facebook/opt-125m" : "Qwen/Qwen3-0.6B";
}

function repeated(
  flags: ReadonlyMap<string, readonly string[]>,
  model: string | undefined,
): VllmOptions["given"] {
  const given: Record<string, string | number | boolean> = {};
  if (model !== undefined) {
    given["model_tag"] = model;
  }
  for (const [name, values] of flags) {
    const key = name.replaceAll("-", "_");
    const text = values.join(" ");
    given[key] = name === "api-key" ? "***" : values.length === 0 ? true : asNumber(text);
  }
  return given;
}

function asNumber(text: string): string | number {
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

const LABELS: Readonly<Record<string, string>> = {
  "tensor-parallel-size": "--tensor-parallel-size/-tp",
  "pipeline-parallel-size": "--pipeline-parallel-size/-pp",
};

/** The flags of a release; of one that was not read, those of all releases. */
function kindsOf(version: string): FlagTable["kinds"] {
  const before = remembered.get(version);
  if (before !== undefined) {
    return before;
  }
  const options = serverOptions("vllm", version);
  const known = [...(options?.known.values() ?? [])].filter(({ name }) => name.startsWith("--"));
  const kinds = new Map(known.map(({ name, kind }) => [name.slice(2), KIND_OF[kind]]));
  for (const name of options?.perhaps ?? []) {
    const kind = KINDS.get(name.replace(/^--(?:no-)?/, ""));
    if (kind !== undefined) {
      kinds.set(name.slice(2), kind);
    }
  }
  const all = options === null ? KINDS : kinds;
  remembered.set(version, all);
  return all;
}

const remembered = new Map<string, FlagTable["kinds"]>();
const KIND_OF = { none: "switch", value: "value", optional: "value", many: "values" } as const;

/** The flags of all releases from 0.6 to 0.33. */
const KINDS = flagKinds({
  switch: `trust-remote-code enforce-eager enable-prefix-caching enable-chunked-prefill enable-lora
    enable-lora-bias fully-sharded-loras disable-log-stats disable-log-requests enable-log-requests
    enable-log-outputs enable-log-deltas disable-uvicorn-access-log disable-fastapi-docs
    disable-frontend-multiprocessing enable-auto-tool-choice enable-prompt-tokens-details
    enable-server-load-tracking enable-force-include-usage enable-request-id-headers
    enable-ssl-refresh enable-tokenizer-info-endpoint enable-sleep-mode enable-expert-parallel
    enable-eplb enable-dbo enable-reasoning enable-prompt-adapter enable-prompt-embeds
    enable-mm-embeds enable-cumem-allocator enable-return-routed-experts enable-flashinfer-autotune
    skip-tokenizer-init skip-mm-profiling disable-sliding-window disable-cascade-attn
    disable-custom-all-reduce disable-async-output-proc disable-chunked-mm-input
    disable-mm-preprocessor-cache disable-hybrid-kv-cache-manager disable-nccl-for-dp-synchronization
    disable-any-whitespace disable-fallback disable-logprobs-during-spec-decoding
    multi-step-stream-outputs use-v2-block-manager use-tqdm-on-load headless async-scheduling
    calculate-kv-scales return-tokens-as-token-ids language-model-only interleave-mm-strings
    data-parallel-hybrid-lb data-parallel-external-lb kv-sharing-fast-prefill log-error-stack
    ray-workers-use-nsight worker-use-ray engine-use-ray
    show-hidden-metrics disable-access-log-for-health grpc
    exclude-tools-when-tool-choice-none trust-request-chat-template
    enable-layerwise-nvtx-tracing allow-credentials`,
  value: `model tokenizer hf-config-path tokenizer-mode tokenizer-revision tokenizer-pool-size
    tokenizer-pool-type tokenizer-pool-extra-config runner convert task dtype seed
    allowed-local-media-path allowed-media-domains revision code-revision rope-scaling rope-theta
    max-model-len quantization quantization-param-path max-seq-len-to-capture max-logprobs
    logprobs-mode hf-overrides hf-token pooler-config override-pooler-config
    override-neuron-config override-generation-config generation-config logits-processors
    logits-processor-pattern model-impl config-format load-format download-dir safetensors-load-strategy
    model-loader-extra-config ignore-patterns pt-load-map-location guided-decoding-backend
    structured-outputs-config reasoning-parser reasoning-parser-plugin reasoning-config
    distributed-executor-backend pipeline-parallel-size tensor-parallel-size decode-context-parallel-size
    prefill-context-parallel-size data-parallel-size data-parallel-rank data-parallel-start-rank
    data-parallel-size-local data-parallel-address data-parallel-rpc-port data-parallel-backend
    expert-placement-strategy all2all-backend eplb-config num-redundant-experts ubatch-size
    dbo-decode-token-threshold dbo-prefill-token-threshold max-parallel-loading-workers worker-cls
    worker-extension-cls nnodes node-rank master-addr master-port block-size gpu-memory-utilization
    kv-cache-memory-bytes swap-space cpu-offload-gb cpu-offload-params offload-backend kv-cache-dtype num-gpu-blocks-override
    prefix-caching-hash-algo mamba-cache-dtype mamba-ssm-cache-dtype mamba-block-size
    mamba-cache-mode kv-offloading-size kv-offloading-backend limit-mm-per-prompt media-io-kwargs
    mm-processor-kwargs mm-processor-cache-gb mm-processor-cache-type mm-shm-cache-max-object-size-mb
    mm-encoder-tp-mode mm-encoder-attn-backend video-pruning-rate max-loras max-lora-rank
    lora-extra-vocab-size lora-dtype long-lora-scaling-factors max-cpu-loras default-mm-loras
    max-prompt-adapters max-prompt-adapter-token device num-scheduler-steps scheduler-delay-factor
    speculative-config speculative-model speculative-model-quantization num-speculative-tokens
    speculative-draft-tensor-parallel-size speculative-max-model-len speculative-disable-by-batch-size
    ngram-prompt-lookup-max ngram-prompt-lookup-min spec-decoding-acceptance-method
    preemption-mode qlora-adapter-name-or-path otlp-traces-endpoint collect-detailed-traces
    max-num-batched-tokens max-num-seqs max-num-partial-prefills
    max-long-partial-prefills long-prefill-token-threshold num-lookahead-slots scheduling-policy
    scheduler-cls stream-interval kv-transfer-config kv-events-config ec-transfer-config
    compilation-config attention-backend attention-config kernel-config optimization-level
    performance-mode additional-config aggregate-engine-logging profiler-config config host port uds
    uvicorn-log-level allowed-origins allowed-methods allowed-headers chat-template
    chat-template-content-format default-chat-template-kwargs response-role ssl-keyfile ssl-certfile ssl-ca-certs ssl-cert-reqs ssl-ciphers
    root-path log-config-file max-log-len tool-call-parser tool-parser-plugin tool-server
    h11-max-incomplete-event-size h11-max-header-count api-server-count disable-access-log-for-endpoints
    shutdown-timeout weight-transfer-config moe-backend linear-backend`,
  values: `served-model-name api-key lora-modules prompt-adapters middleware cuda-graph-sizes
    cudagraph-capture-sizes max-cudagraph-capture-size`,
});

const ALIASES = {
  "-tp": "tensor-parallel-size",
  "-pp": "pipeline-parallel-size",
  "-dp": "data-parallel-size",
  "-dcp": "decode-context-parallel-size",
  "-dpl": "data-parallel-size-local",
  "-q": "quantization",
  "-O": "optimization-level",
  "-cc": "compilation-config",
  "-ac": "attention-config",
  "-sc": "speculative-config",
  "-ep": "enable-expert-parallel",
  "-asc": "api-server-count",
};
