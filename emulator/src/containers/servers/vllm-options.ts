import { parseAnyJson } from "../../core/json";
import { isSince } from "../../core/versions";
import { parseCommandLine } from "../argparse";
import type { Environment } from "../machine";
import { releaseFlags } from "./release-flags";
import { humanNumber, pythonNumber } from "./vllm-numbers";
import { wrongVllmValue } from "./vllm-values";

/** What a vLLM command line asks for. */
export interface VllmOptions {
  model: string;
  servedNames: readonly string[];
  host: string;
  port: number;
  /** Null for the longest that the model allows. */
  maxModelLen: number | null;
  /** Whether a shorter context is taken if the GPU's memory does not suffice for that. */
  fitsLength: boolean;
  tensorParallel: number;
  pipelineParallel: number;
  parallel: Parallel;
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
  allowedOrigins: readonly string[];
  /** Neither compiles nor captures graphs. */
  eager: boolean;
  /** @default main */
  revision: string | undefined;
  /** All that was given, by full name without dashes. */
  flags: ReadonlyMap<string, readonly string[]>;
  /** The arguments as the log repeats them. */
  given: Readonly<Record<string, string | number | boolean>>;
}

/** How the model is spread over GPUs and machines. */
export interface Parallel {
  /** GPUs of one engine. */
  world: number;
  /** Engines, of which `local` run on this machine. */
  data: number;
  /** Null if not given. */
  local: number | null;
  /** The only engine that this machine runs; null if not given. */
  rank: number | null;
  nodes: number;
  nodeRank: number;
  decodeContext: number;
  prefillContext: number;
}

/** argparse's error: the program's name and the message. */
export interface UsageError {
  usage: string;
  /** Empty if it was only asked for help. */
  error: string;
  exitCode: number;
}

/** The two ways to start the server; only `vllm serve` takes the model as a positional argument. */
export type VllmEntry = "vllm serve" | "api_server.py";

export function parseVllmOptions(
  entry: VllmEntry,
  args: readonly string[],
  env: Environment,
  version: string,
): VllmOptions | UsageError {
  const flags = vllmFlags(version);
  const line = parseCommandLine(withLevel(args, flags.kinds.has("optimization-level")), {
    ...flags,
    positionals: entry === "vllm serve" ? 1 : 0,
    wrongValue: (name, value) =>
      flags.wrongValue(name, value) ?? wrongVllmValue(name, value, version),
    label: (name) => [`--${name}`, ...shortNames(name, flags.aliases)].join("/"),
  });
  const usage = entry === "vllm serve" ? "vllm serve [model_tag] [options]" : `${entry} [options]`;
  if (line.flags.has("help")) {
    return { usage, error: "", exitCode: 0 };
  }
  if (line.error !== null) {
    return { usage, error: `${entry}: error: ${line.error}`, exitCode: 2 };
  }
  const wrong = wrongAdapter(line.flags.get("lora-modules") ?? []);
  if (wrong !== null) {
    return { usage, error: `${entry}: error: ${wrong}`, exitCode: 2 };
  }
  // `vllm serve` puts the model of --model first, and then has no place for the other.
  const isTwice = line.flags.has("model") && isSince(version, "0.12.0");
  const unrecognized = [...(isTwice ? line.positionals : []), ...line.unrecognized];
  if (unrecognized.length > 0) {
    const program = entry === "vllm serve" ? "vllm" : entry;
    const rest = unrecognized.join(" ");
    return { usage, error: `${program}: error: unrecognized arguments: ${rest}`, exitCode: 2 };
  }
  const one = (name: string) => line.flags.get(name)?.[0];
  const number = (name: string, otherwise: number) => pythonNumber(one(name)) ?? otherwise;
  const [tensor, pipeline] = [
    number("tensor-parallel-size", 1),
    number("pipeline-parallel-size", 1),
  ];
  const prefillContext = number("prefill-context-parallel-size", 1);
  const model = line.positionals[0] ?? one("model") ?? defaultModel(version);
  const maxModelLen = humanNumber(one("max-model-len") ?? "-1");
  return {
    model,
    servedNames: line.flags.get("served-model-name") ?? [model],
    host: one("host") ?? "0.0.0.0",
    port: number("port", 8000),
    maxModelLen: maxModelLen !== null && maxModelLen > 0 ? maxModelLen : null,
    fitsLength:
      maxModelLen === -1 && one("max-model-len") !== undefined && isSince(version, "0.14.0"),
    tensorParallel: tensor,
    pipelineParallel: pipeline,
    parallel: {
      world: tensor * pipeline * prefillContext,
      data: number("data-parallel-size", 1),
      local: pythonNumber(one("data-parallel-size-local")),
      rank: pythonNumber(one("data-parallel-rank")),
      nodes: number("nnodes", 1),
      nodeRank: number("node-rank", 0),
      decodeContext: number("decode-context-parallel-size", 1),
      prefillContext,
    },
    utilization: number("gpu-memory-utilization", isSince(version, "0.21.0") ? 0.92 : 0.9),
    apiKeys: (line.flags.get("api-key") ?? [env["VLLM_API_KEY"] ?? ""]).filter(Boolean),
    downloadDir: one("download-dir") ?? null,
    quantization: one("quantization") ?? null,
    dtype: one("dtype") ?? "auto",
    kvCacheDtype: one("kv-cache-dtype") ?? "auto",
    toolCallParser: one("tool-call-parser") ?? null,
    autoToolChoice: line.flags.has("enable-auto-tool-choice"),
    disableDocs: line.flags.has("disable-fastapi-docs"),
    allowedOrigins: [JSON.parse(one("allowed-origins") ?? '["*"]')].flat(),
    eager: line.flags.has("enforce-eager"),
    revision: one("revision"),
    flags: line.flags,
    given: repeated(line.flags, line.positionals[0]),
  };
}

/** `-O3`, `-O=3` and `-O 3` as the flag for the level; releases without it read them as a configuration. */
function withLevel(args: readonly string[], hasFlag: boolean): string[] {
  return args.flatMap((arg, index) => {
    const isApart = arg === "-O" && /^[0-3]$/.test(args[index + 1] ?? "");
    if (isApart) {
      return hasFlag ? ["--optimization-level"] : [];
    }
    const level = /^-O=?([^=].*)$/.exec(arg)?.[1];
    if (hasFlag && level !== undefined) {
      return ["--optimization-level", level];
    }
    const isLevel = /^-O=?[0-3]$/.test(arg) || (args[index - 1] === "-O" && /^[0-3]$/.test(arg));
    return isLevel && !hasFlag ? [] : [arg];
  });
}

function shortNames(name: string, aliases: Readonly<Record<string, string>>): string[] {
  return Object.keys(aliases).filter((short) => aliases[short] === name);
}

/** What is wrong with an adapter, which is `name=path` or JSON; null if nothing is. */
function wrongAdapter(adapters: readonly string[]): string | null {
  const wrong = adapters.find(
    (text) => text !== "" && !/^[^,=]+=[^,]+$/.test(text) && parseAnyJson(text) === undefined,
  );
  return wrong === undefined ? null : `Invalid JSON format for --lora-modules: ${wrong}`;
}

function defaultModel(version: string): string {
  return isSince(version, "0.9.0") ? "Qwen/Qwen3-0.6B" : "facebook/opt-125m";
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

/** One-dash names of all releases. */
const SHORT: Readonly<Record<string, string>> = {
  "-h": "help",
  "-tp": "tensor-parallel-size",
  "-pp": "pipeline-parallel-size",
  "-n": "nnodes",
  "-r": "node-rank",
  "-dp": "data-parallel-size",
  "-dpn": "data-parallel-rank",
  "-dpr": "data-parallel-start-rank",
  "-dpl": "data-parallel-size-local",
  "-dpa": "data-parallel-address",
  "-dpp": "data-parallel-rpc-port",
  "-dpb": "data-parallel-backend",
  "-dph": "data-parallel-hybrid-lb",
  "-dpe": "data-parallel-external-lb",
  "-dpm": "data-parallel-multi-port-external-lb",
  "-dcp": "decode-context-parallel-size",
  "-pcp": "prefill-context-parallel-size",
  "-ep": "enable-expert-parallel",
  "-q": "quantization",
  "-O": "compilation-config",
  "-cc": "compilation-config",
  "-ac": "attention-config",
  "-dc": "diffusion-config",
  "-sc": "speculative-config",
  "-asc": "api-server-count",
};

/** The flags that a release declares. */
export const vllmFlags = releaseFlags("vllm", SHORT);
