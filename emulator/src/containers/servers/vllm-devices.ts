import { isSince } from "../../core/versions";
import type { Environment } from "../machine";
import type { Gpu } from "../types";
import type { Checkpoint } from "./vllm-checkpoint";
import type { VllmOptions } from "./vllm-options";
import { validationError } from "./vllm-ranges";

/**
 * How many GPUs `CUDA_VISIBLE_DEVICES` leaves to PyTorch: the list counts up to its first entry that
 * is no device, and not at all if it repeats one (torch.cuda._parse_visible_devices).
 */
export function visibleGpus(gpu: Gpu, env: Environment): number {
  const entries = listed(env);
  if (entries === null) {
    return gpu.count;
  }
  const wrong = entries.findIndex((entry) => !isDevice(entry, gpu));
  const visible = wrong < 0 ? entries : entries.slice(0, wrong);
  return new Set(visible).size === visible.length ? visible.length : 0;
}

/** The end of the traceback if the first GPU of `CUDA_VISIBLE_DEVICES` does not exist; null if it does. */
export function hiddenGpuProblem(gpu: Gpu, env: Environment): string[] | null {
  const [first = ""] = listed(env) ?? [];
  if (first === "" || isDevice(first, gpu)) {
    return null;
  }
  return [
    /^-?\d+$/.test(first)
      ? "vllm.third_party.pynvml.NVMLError_InvalidArgument: Invalid Argument"
      : "vllm.third_party.pynvml.NVMLError_NotFound: Not Found",
  ];
}

/**
 * The end of the traceback if the options for several GPUs, nodes or ranks do not fit each other or
 * the machine; null if they do (vllm/engine/arg_utils.py, vllm/config/parallel.py).
 */
export function parallelProblem(
  { flags, tensorParallel: tensor, parallel }: VllmOptions,
  gpus: number,
  { dense }: Checkpoint,
  version: string,
): string[] | null {
  const { data, local, rank, decodeContext } = parallel;
  const isExternal = rank !== null || flags.has("data-parallel-external-lb");
  const nodes = nodesProblem(parallel, version);
  if (nodes !== null) {
    return nodes;
  }
  if (isExternal && data > 1 && dense && isSince(version, "0.24.0")) {
    return [
      "ValueError: Non-MoE models do not support external data parallel mode. For external load balancing, launch independent vLLM instances without --data-parallel-* arguments.",
    ];
  }
  if (data > 1 && rank !== null && (rank < 0 || rank >= data)) {
    return refusal(`data_parallel_rank (${rank}) must be in the range [0, ${data})`);
  }
  const backend = flags.get("distributed-executor-backend")?.[0] ?? null;
  const world = backend === "mp" ? null : worldProblem(parallel, gpus, version);
  if (world !== null) {
    return world;
  }
  if (local !== null && local > data) {
    return refusal(`data_parallel_size_local (${local}) must be <= data_parallel_size (${data})`);
  }
  if (isExternal && data <= 1 && isSince(version, "0.12.0")) {
    return refusal("data_parallel_external_lb can only be set when data_parallel_size > 1");
  }
  if (tensor % decodeContext !== 0 && parallel.prefillContext === 1 && isSince(version, "0.19.0")) {
    const space = isSince(version, "0.28.0") ? " " : "";
    return refusal(`tp_size=${tensor} must be divisible by${space}dcp_size=${decodeContext}.`);
  }
  return null;
}

function nodesProblem(
  { data, world, nodes, nodeRank }: Parallel,
  version: string,
): string[] | null {
  const total = data * world;
  const isWorded = isSince(version, "0.28.0");
  const invalid = "ValueError: Invalid data-parallel launch options:";
  if (nodes > 1 && total % nodes !== 0) {
    return [
      isWorded
        ? `${invalid} \`--nnodes ${nodes}\` must evenly divide the total world size (${total}). Adjust \`--nnodes\`, \`--data-parallel-size\`, \`--pipeline-parallel-size\`, \`--tensor-parallel-size\`, or \`--prefill-context-parallel-size\`.`
        : `AssertionError: world_size=${total} must be divisible by nnodes=${nodes}.`,
    ];
  }
  if (nodes > 1 && nodeRank >= nodes) {
    return [
      isWorded
        ? `${invalid} \`--node-rank\` must be between 0 and ${nodes - 1}; got \`--node-rank ${nodeRank}\`. Set it to this node's zero-based index.`
        : `AssertionError: node_rank=${nodeRank} must be less than nnodes=${nodes}.`,
    ];
  }
  return null;
}

function worldProblem(
  { world, data, nodes }: Parallel,
  gpus: number,
  version: string,
): string[] | null {
  if (world <= gpus || world * data <= 1 || nodes !== 1) {
    return null;
  }
  if (!isSince(version, "0.12.0")) {
    return [
      "ValueError: The number of required GPUs exceeds the total number of available GPUs in the cluster.",
    ];
  }
  return refusal(
    isSince(version, "0.14.0")
      ? `World size (${world}) is larger than the number of available GPUs (${gpus}) in this node. If this is intentional and you are using:\n- ray, set '--distributed-executor-backend ray'.\n- multiprocessing, set '--nnodes' appropriately.`
      : `Tensor parallel size (${world}) cannot be larger than the number of available GPUs (${gpus}).`,
  );
}

function refusal(message: string): string[] {
  return validationError("ParallelConfig", message);
}

type Parallel = VllmOptions["parallel"];

/** The first of the visible GPUs, by its number in the machine. */
export function firstGpu(env: Environment): number {
  return Number(/^\d+$/.exec(listed(env)?.[0] ?? "")?.[0] ?? 0);
}

/** The end of the traceback if the engine uses a GPU that is not visible; null if it does not. */
export function missingGpuProblem(
  { parallel }: VllmOptions,
  gpus: number,
  version: string,
): string[] | null {
  if (parallel.nodes > 1 || enginesHere(parallel) * parallel.world <= gpus) {
    return null;
  }
  if (isSince(version, "0.24.0")) {
    return [`AssertionError: DP adjusted local rank ${gpus} is out of bounds for ${gpus} devices.`];
  }
  if (gpus === 0) {
    return ["RuntimeError: No CUDA GPUs are available"];
  }
  return isSince(version, "0.12.0")
    ? [`AssertionError: DP adjusted local rank ${gpus} is out of bounds. `]
    : ["torch.AcceleratorError: CUDA error: invalid device ordinal"];
}

/** Whether the server waits for parts of it on other machines, and does not serve without them. */
export function needsOtherMachines({ parallel }: VllmOptions): boolean {
  return parallel.nodes > 1 || enginesHere(parallel) < parallel.data;
}

function enginesHere({ data, local, rank }: Parallel): number {
  return rank === null ? (local ?? data) : 1;
}

/** The entries of `CUDA_VISIBLE_DEVICES`; null if it is not set. */
function listed(env: Environment): string[] | null {
  return env["CUDA_VISIBLE_DEVICES"]?.split(",").map((entry) => entry.trim()) ?? null;
}

function isDevice(entry: string, { count }: Gpu): boolean {
  return /^\d+$/.test(entry) ? Number(entry) < count : /^(?:GPU|MIG)-/.test(entry);
}
