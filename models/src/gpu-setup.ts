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

/** How a server shares out GPU memory, as its image, command and environment set it up. */
export interface GpuSetup {
  /** The share of each GPU that the server may use. */
  readonly utilization: number;
  /** Whether intermediate results must fit into that share. */
  readonly countsActivations: boolean;
  /** Whether CUDA graphs must fit into that share. */
  readonly countsGraphs: boolean;
  /** What the sampler takes for each sequence and word of the vocabulary. */
  readonly samplerBytes: number;
  /** What CUDA and the server keep on a GPU in addition, in GiB. */
  readonly buffersGib: number;
  /** GPUs that share each layer; null for all. */
  readonly tensorParallel: number | null;
  /** GPUs that share the layers. */
  readonly pipelineParallel: number;
  /** GPUs that share the experts; 1 where they are not spread further than the layers. */
  readonly expertGpus: number;
  /** Machines that serve together; null for several, as many as it takes. */
  readonly nodes: number | null;
  /** null for the server's default. */
  readonly maxNumSeqs: number | null;
  /** null for the server's default. */
  readonly maxNumBatchedTokens: number | null;
  /** Bytes of one element of the cache. */
  readonly kvCacheBytes: number;
  /** Weights kept in the host's memory instead of each GPU's; null where their amount is not known. */
  readonly offloadedGb: number | null;
  /** Models that are loaded in addition to the served one, such as a draft model. */
  readonly companions: readonly string[];
}

/** vLLM of the latest release, with its defaults. */
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

/** Reads how the server that `command` was read from shares out GPU memory. Never throws. */
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

/** What a variable puts in later is as good as all GPUs. */
const TENSOR_PARALLEL = ["--tensor-parallel-size", "-tp", "--tp-size", "--tp", "--num-shard"];

type Share = Pick<
  GpuSetup,
  "utilization" | "countsActivations" | "countsGraphs" | "samplerBytes" | "buffersGib"
>;

/** Worker-vllm raises vLLM's share; the rest leave what they do not count outside of theirs. */
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
 * vLLM by release, the latest if there is none in the tag: v0.21.0 raised the share and counts CUDA
 * graphs (vllm-project/vllm#38284, #30515); the sampler was measured at v0.16.0, v0.19.0 and v0.24.0.
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

/** Ollama, llama.cpp and KoboldCpp move to the host's memory what the GPUs do not hold. */
function offloadedBy(spec: ServerSpec, server: ServerKind): number | null {
  if (["ollama", "llama.cpp", "koboldcpp"].includes(server)) {
    return null;
  }
  const words = [...(spec.dockerEntrypoint ?? []), ...(spec.dockerStartCmd ?? [])].join(" ");
  const variables = Object.keys(spec.env ?? {}).filter((name) => /^CPU_OFFLOAD/.test(name));
  let total = variables.length > 0 ? Number(spec.env?.["CPU_OFFLOAD_GB"] ?? Number.NaN) : 0;
  // The cache of keys and values may go to the host without the weights.
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
