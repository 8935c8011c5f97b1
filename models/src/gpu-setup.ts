import type { ServerSpec } from "./command-line";
import { readContainer } from "./container";
import { draftModel } from "./draft-model";
import { parseImage } from "./image-name";
import type { Container } from "./launch";
import { isGiven, option } from "./options";
import type { ServerCommand } from "./server";
import type { ServerKind } from "./server-words";
import { count, isTrue } from "./settings";
import { optionOrVariable } from "./worker-variables";

/** How a server divides GPU memory, as its image, command and environment set it. */
export interface GpuSetup {
  /** The share of each GPU's memory that the server may use, from 0 to 1. */
  readonly utilization: number;
  /** Whether intermediate results must fit in that share. */
  readonly countsActivations: boolean;
  /** Whether CUDA graphs must fit in that share. */
  readonly countsGraphs: boolean;
  /** Bytes that the sampler needs for each sequence and vocabulary entry. */
  readonly samplerBytes: number;
  /** Additional memory for CUDA and the server on each GPU, in GiB. */
  readonly buffersGib: number;
  /** GPUs that share each layer; null for all. */
  readonly tensorParallel: number | null;
  /** GPUs that share the layers. */
  readonly pipelineParallel: number;
  /** GPUs that share the experts; 1 if the experts are not spread wider than the layers. */
  readonly expertGpus: number;
  /** Machines that serve together; null for an unknown number of machines. */
  readonly nodes: number | null;
  /** Sequences processed at a time; null for the server's default. */
  readonly maxNumSeqs: number | null;
  /** Tokens processed at a time; null for the server's default. */
  readonly maxNumBatchedTokens: number | null;
  /** Bytes per element of the KV cache. */
  readonly kvCacheBytes: number;
  /** Weights kept in host memory instead of on each GPU, in decimal gigabytes; null if the amount is not known. */
  readonly offloadedGb: number | null;
  /** Models loaded in addition to the served one, such as a draft model. */
  readonly companions: readonly string[];
}

/** The defaults of the latest vLLM release. */
export const LATEST_VLLM: GpuSetup = {
  ...release(null),
  countsActivations: true,
  tensorParallel: null,
  pipelineParallel: 1,
  expertGpus: 1,
  nodes: 1,
  maxNumSeqs: null,
  maxNumBatchedTokens: null,
  kvCacheBytes: 2,
  offloadedGb: 0,
  companions: [],
};

/** Reads how a server divides GPU memory. `command` is the server read from `spec`. Never throws. */
export function readGpuSetup(spec: ServerSpec, command: ServerCommand): GpuSetup {
  const container = readContainer(spec);
  const launch = container?.launches[0];
  const args = launch?.args ?? [];
  const read = (...names: string[]): string | null =>
    launch ? optionOrVariable(launch, names) : null;
  const eager = isGiven(args, ["--enforce-eager"]) || isTrue(read("--enforce-eager"));
  const spread = option(args, TENSOR_PARALLEL);
  const isLater = spread !== null && count(spread) === null;
  const tensorParallel = isLater ? null : command.tensorParallel;
  const dataParallel = count(read("--data-parallel-size", "-dp", "--dp-size", "--dp")) ?? 1;
  const spreadsExperts = isGiven(args, ["--enable-expert-parallel", "--enable-ep"]);
  const usual = usualShare(spec, command);
  return {
    ...usual,
    utilization: command.gpuMemoryUtilization ?? usual.utilization,
    countsGraphs: usual.countsGraphs && !eager,
    tensorParallel,
    pipelineParallel: count(read("--pipeline-parallel-size", "-pp", "--pp-size", "--pp")) ?? 1,
    expertGpus: spreadsExperts ? (tensorParallel ?? 1) * dataParallel : 1,
    nodes: nodesOf(read("--nnodes"), args, launch?.before ?? []),
    maxNumSeqs: count(read("--max-num-seqs", "--max-running-requests")),
    maxNumBatchedTokens: count(read("--max-num-batched-tokens", "--chunked-prefill-size")),
    kvCacheBytes: /fp8|int8/.test(read("--kv-cache-dtype") ?? "") ? 1 : 2,
    offloadedGb: offloadedBy(spec, command.server),
    companions: container ? companionsOf(container) : [],
  };
}

/** A number that is still a variable counts as all GPUs. */
const TENSOR_PARALLEL = ["--tensor-parallel-size", "-tp", "--tp-size", "--tp", "--num-shard"];

type Share = Pick<
  GpuSetup,
  "utilization" | "countsActivations" | "countsGraphs" | "samplerBytes" | "buffersGib"
>;

/** Worker-vllm raises vLLM's share. Other servers use memory that they do not count outside their share. */
function usualShare(spec: ServerSpec, { server, gpuMemoryUtilization }: ServerCommand): Share {
  if (server === "vllm") {
    return { ...release(parseImage(spec.imageName ?? "").tag), countsActivations: true };
  }
  const latest = { ...release(null), countsActivations: true };
  if (server === "worker-vllm") {
    return { ...latest, utilization: 0.95 };
  }
  if (server === "sglang") {
    return { ...latest, utilization: 0.96, countsActivations: gpuMemoryUtilization === null };
  }
  return { ...latest, utilization: server === "tgi" ? 1 : 0.97, countsGraphs: false };
}

/**
 * vLLM's defaults by release; the latest if the tag names none. v0.21.0 raised the share and counts
 * CUDA graphs (vllm-project/vllm#38284, #30515). The sampler was measured at v0.16.0, v0.19.0 and
 * v0.24.0.
 */
function release(tag: string | null): Omit<Share, "countsActivations"> {
  const minor = Number(/^v?0\.(\d+)/.exec(tag ?? "")?.[1] ?? Number.POSITIVE_INFINITY);
  return {
    utilization: minor >= 21 ? 0.92 : 0.9,
    countsGraphs: minor >= 21,
    samplerBytes: minor >= 24 ? 6.1 : minor >= 17 ? 15.5 : 39,
    buffersGib: minor >= 24 ? 0.31 : 0.46,
  };
}

function nodesOf(
  given: string | null,
  args: readonly string[],
  before: readonly (readonly string[])[],
): number | null {
  if (given !== null) {
    return count(given);
  }
  const isPart = args.some((arg) => /^--(?:headless|node-rank|data-parallel-address)$/.test(arg));
  const joinsRay = before.some(([program, verb]) => program === "ray" && verb === "start");
  const usesRay = option(args, ["--distributed-executor-backend"]) === "ray";
  return isPart || joinsRay || usesRay ? null : 1;
}

/** Ollama, llama.cpp and KoboldCpp move weights that do not fit on the GPUs to host memory. */
function offloadedBy(spec: ServerSpec, server: ServerKind): number | null {
  if (["ollama", "llama.cpp", "koboldcpp"].includes(server)) {
    return null;
  }
  const words = [...(spec.dockerEntrypoint ?? []), ...(spec.dockerStartCmd ?? [])].join(" ");
  const variables = Object.keys(spec.env ?? {}).filter((name) => /^CPU_OFFLOAD/.test(name));
  let total = variables.length > 0 ? Number(spec.env?.["CPU_OFFLOAD_GB"] ?? Number.NaN) : 0;
  // The KV cache may be offloaded without the weights.
  for (const [, name = "", amount] of words.matchAll(OFFLOADS)) {
    total += /gb$/.test(name) ? Number(amount ?? Number.NaN) : Number.NaN;
  }
  return Number.isFinite(total) ? total : null;
}

const OFFLOADS =
  /(?:^|\s)--((?!kv|no|disable)[\w-]{0,40}offload[\w-]{0,40}|kt-[\w-]{1,40})(?:[= ]["']?(\d+(?:\.\d+)?)(?=["'\s]|$))?/g;

/** Ollama's models but for the first, and the draft model. */
function companionsOf({ launches, downloads }: Container): string[] {
  const pulled = downloads.filter(({ from }) => from === "OLLAMA_MODELS").map(({ name }) => name);
  const draft = launches[0] && draftModel(launches[0]);
  return [...new Set(pulled)].slice(1).concat(draft ?? []);
}
