import { isSince } from "../../core/versions";
import { deviceGib, hasKernelsFor, loadsCompatLibrary, type MemoryPlan } from "../gpu";
import type { VllmBuild } from "../images";
import type { Environment } from "../machine";
import type { Model } from "../models";
import type { Gpu } from "../types";
import { pythonFixed } from "../vllm-api/python";
import { missingGpuProblem, visibleGpus } from "./vllm-devices";
import { givenNumber } from "./vllm-numbers";
import type { VllmOptions } from "./vllm-options";

/** The end of the traceback if the engine fails when it first uses the GPU; null if it does not. */
export function cudaProblem(
  build: VllmBuild,
  gpu: Gpu,
  model: Model,
  options: VllmOptions,
  env: Environment,
): string[] | null {
  if (loadsCompatLibrary(build, env)) {
    return [
      "RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling NumCudaDevices() that might have already set an error? Error 803: system has unsupported display driver / cuda driver combination",
    ];
  }
  if (!hasKernelsFor(build, gpu)) {
    return [
      `${gpu.id} with CUDA capability sm_${gpu.computeCapability.replace(".", "")} is not compatible with the current PyTorch installation.`,
      "RuntimeError: CUDA error: no kernel image is available for execution on the device",
      "CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.",
      "For debugging consider passing CUDA_LAUNCH_BLOCKING=1",
    ];
  }
  const missing = missingGpuProblem(options, visibleGpus(gpu, env), build.version);
  if (missing !== null) {
    return missing;
  }
  const seed = givenNumber(options.flags, "seed");
  if (seed !== null && (seed < 0 || seed > LARGEST_SEED)) {
    return ["ValueError: Seed must be between 0 and 2**32 - 1"];
  }
  const asBfloat16 = options.dtype === "bfloat16" || (options.dtype === "auto" && model.bfloat16);
  if (asBfloat16 && !isSince(gpu.computeCapability, "8.0")) {
    return [
      `ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your ${gpu.id} GPU has compute capability ${gpu.computeCapability}. You can use float16 instead by explicitly setting the \`dtype\` flag in CLI, for example: --dtype=half.`,
    ];
  }
  return null;
}

/**
 * The end of the traceback if the GPU has less free memory than the server may take; null if it has
 * (request_memory in vllm/v1/worker/utils.py).
 *
 * @param held the share that other processes hold
 */
export function occupiedProblem(
  gpu: Gpu,
  { utilization }: VllmOptions,
  held: number,
  version: string,
): string[] | null {
  const totalGib = deviceGib(gpu);
  const freeGib = totalGib * (1 - held) - CUDA_CONTEXT_GIB;
  const askedGib = totalGib * utilization;
  const gib = (n: number) => pythonFixed(n, 2);
  const device = !isSince(version, "0.14.0") ? "" : " cuda:0";
  return freeGib >= askedGib
    ? null
    : [
        `ValueError: Free memory on device${device} (${gib(freeGib)}/${gib(totalGib)} GiB) on startup is less than desired GPU memory utilization (${Number.isInteger(utilization) ? utilization.toFixed(1) : utilization}, ${gib(askedGib)} GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.`,
      ];
}

/** The end of the traceback if no context fits the memory that is left; null if one does. */
export function fitProblem(longest: number): string[] | null {
  return longest > 0
    ? null
    : [
        "ValueError: Cannot auto-fit max_model_len: not enough GPU memory available to serve even a single token. Try increasing `gpu_memory_utilization`.",
      ];
}

/** The largest that NumPy takes. */
const LARGEST_SEED = 2 ** 32 - 1;
/** What CUDA takes before the free memory is measured, at least. */
const CUDA_CONTEXT_GIB = 0.35;

/** The end of the traceback if the GPU's memory does not suffice; null if it does. */
export function memoryProblem(plan: MemoryPlan, maxModelLen: number): string[] | null {
  const gib = (n: number) => pythonFixed(n, 2);
  switch (plan.fit) {
    case "out-of-memory":
      return [
        `torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 540.00 MiB. GPU 0 has a total capacity of ${gib(plan.totalGib)} GiB of which ${Math.round(plan.freeGib * 1024)}.75 MiB is free. Including non-PyTorch memory, this process has ${gib(plan.totalGib - plan.freeGib)} GiB memory in use. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.`,
      ];
    case "no-cache":
      return [
        "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.",
      ];
    case "cache-too-small":
      return [
        `ValueError: To serve at least one request with the model's max seq len (${maxModelLen}), (${gib(plan.neededGib)} GiB KV cache is needed, which is larger than the available KV cache memory (${gib(plan.availableGib)} GiB). Based on the available memory, the estimated maximum model length is ${Math.floor(plan.tokens / 16) * 16}. Try increasing \`gpu_memory_utilization\` (which also controls CPU memory on the CPU backend) or decreasing \`max_model_len\` when initializing the engine. See https://docs.vllm.ai/en/latest/configuration/conserving_memory/ for more details.`,
      ];
    default:
      return null;
  }
}
