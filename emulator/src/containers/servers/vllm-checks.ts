import { compareVersions } from "../../core/versions";
import { unsupportedBy } from "../architectures";
import { deviceGib, hasKernelsFor, loadsCompatLibrary, type MemoryPlan } from "../gpu";
import { hubRefusal, incomplete } from "../hub-refusal";
import type { VllmBuild } from "../images";
import type { Environment, Machine } from "../machine";
import { type Model, USUAL_MAX_POSITION } from "../models";
import type { Gpu } from "../types";
import { pythonFixed } from "../vllm-api/python";
import { argumentProblem, nameProblem } from "./vllm-arguments";
import { type Checkpoint, checkpointOf } from "./vllm-checkpoint";
import { hiddenGpuProblem, missingGpuProblem, parallelProblem, visibleGpus } from "./vllm-devices";
import { givenNumber } from "./vllm-numbers";
import type { VllmOptions } from "./vllm-options";
import { quantizationProblem } from "./vllm-quantization";
import { rangeProblem, validationError } from "./vllm-ranges";
import { referenceProblem } from "./vllm-references";
import { adapterProblem, schedulerProblem } from "./vllm-scheduler";
import { speculativeProblem } from "./vllm-speculative";

/** The end of vLLM's traceback if it refuses its arguments or the model; null if it does not. */
export function configurationProblem(
  machine: Machine,
  options: VllmOptions,
  model: Model | null,
  env: Environment,
  version: string,
): string[] | null {
  const { gpu } = machine;
  const wrong = argumentProblem(machine, options);
  if (wrong !== null) {
    return wrong;
  }
  if (gpu === null) {
    return ["RuntimeError: Failed to infer device type"];
  }
  const { model: id, revision, downloadDir, flags } = options;
  const query = { id, model, revision, cache: downloadDir ?? undefined };
  const refusal = hubRefusal(machine, env, query) ?? unreadable(id, flags.has("hf-config-path"));
  if (refusal !== null || model === null) {
    return refusal;
  }
  const unsupported = unsupportedBy(id, version);
  if (unsupported !== null) {
    return validationError("ModelConfig", unsupported);
  }
  const asked = options.maxModelLen;
  const isTooLong = asked !== null && model.maxPosition !== null && asked > model.maxPosition;
  if (isTooLong && !isOn(env["VLLM_ALLOW_LONG_MAX_MODEL_LEN"])) {
    return validationError(
      "ModelConfig",
      `User-specified max_model_len (${asked}) is greater than the derived max_model_len (max_position_embeddings=${model.maxPosition} or model_max_length=None in model's config.json). To allow overriding this maximum, set the env var VLLM_ALLOW_LONG_MAX_MODEL_LEN=1. VLLM_ALLOW_LONG_MAX_MODEL_LEN must be used with extreme caution.`,
    );
  }
  const checkpoint = checkpointOf(id);
  const gpus = visibleGpus(gpu, env);
  return (
    quantizationProblem(options, model, checkpoint, version) ??
    referenceProblem(machine, env, options) ??
    nameProblem(options, version) ??
    hiddenGpuProblem(gpu, env) ??
    rangeProblem(options, version) ??
    parallelProblem(options, gpus, checkpoint, version) ??
    speculativeProblem(options, version) ??
    schedulerProblem(options, gpu, lengthOf(options, model), version) ??
    adapterProblem(options) ??
    layoutProblem(options, model, checkpoint)
  );
}

/** The longest context that is served if the memory suffices. */
export function lengthOf({ maxModelLen }: VllmOptions, { maxPosition }: Model): number {
  return maxModelLen ?? maxPosition ?? USUAL_MAX_POSITION;
}

/** The end of the traceback if the model cannot be spread over GPUs as asked; null if it can. */
function layoutProblem(
  { flags, tensorParallel }: VllmOptions,
  { attentionHeads }: Model,
  { dense }: Checkpoint,
): string[] | null {
  if (attentionHeads !== null && attentionHeads % tensorParallel !== 0) {
    return validationError(
      "VllmConfig",
      `Total number of attention heads (${attentionHeads}) must be divisible by tensor parallel size (${tensorParallel}).`,
    );
  }
  return flags.has("enable-expert-parallel") && dense
    ? validationError(
        "VllmConfig",
        "Number of experts in the model must be greater than 0 when expert parallelism is enabled.",
      )
    : null;
}

/** As vLLM reads its switches. */
function isOn(value: string | undefined): boolean {
  return /^(?:1|true)$/i.test((value ?? "").trim());
}

/** vLLM's error about a repository that is no language model; null if it is one. */
function unreadable(id: string, hasOtherConfig: boolean): string[] | null {
  const problem = incomplete(id);
  if (problem === null || hasOtherConfig) {
    return null;
  }
  return [
    ...problem,
    "",
    `ValueError: Invalid repository ID or local directory specified: '${id}'.`,
    "Please verify the following requirements:",
    "1. Provide a valid Hugging Face repository ID.",
    "2. Specify a local directory that contains a recognized configuration file.",
    "   - For Hugging Face models: ensure the presence of a 'config.json'.",
    "   - For Mistral models: ensure the presence of a 'params.json'.",
  ];
}

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
  if (asBfloat16 && compareVersions(gpu.computeCapability, "8.0") < 0) {
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
  const device = compareVersions(version, "0.14.0") < 0 ? "" : " cuda:0";
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
