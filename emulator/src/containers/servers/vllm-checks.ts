import { compareVersions } from "../../core/versions";
import { unsupportedBy } from "../architectures";
import { hasKernelsFor, loadsCompatLibrary, type MemoryPlan } from "../gpu";
import { hubRefusal, incomplete } from "../hub-refusal";
import type { VllmBuild } from "../images";
import type { Environment, Machine } from "../machine";
import type { Model } from "../models";
import type { Gpu } from "../types";
import { pythonFixed } from "../vllm-api/python";
import { argumentProblem } from "./vllm-arguments";
import { QUANTIZATIONS } from "./vllm-names";
import type { VllmOptions } from "./vllm-options";
import { rangeProblem, validationError } from "./vllm-ranges";

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
  const world = options.tensorParallel * options.pipelineParallel;
  const asked = options.maxModelLen;
  const isTooLong = asked !== null && model.maxPosition !== null && asked > model.maxPosition;
  if (isTooLong && !env["VLLM_ALLOW_LONG_MAX_MODEL_LEN"]) {
    return validationError(
      "ModelConfig",
      `User-specified max_model_len (${asked}) is greater than the derived max_model_len (max_position_embeddings=${model.maxPosition} or model_max_length=None in model's config.json). To allow overriding this maximum, set the env var VLLM_ALLOW_LONG_MAX_MODEL_LEN=1. VLLM_ALLOW_LONG_MAX_MODEL_LEN must be used with extreme caution.`,
    );
  }
  if (options.quantization !== null && !QUANTIZATIONS.has(options.quantization)) {
    return [`ValueError: Invalid quantization method: ${options.quantization}`];
  }
  if (/^(awq|gptq)/.test(options.quantization ?? "") && model.fullPrecision) {
    return [`ValueError: Cannot find the config file for ${options.quantization}`];
  }
  const range = rangeProblem(options, version);
  if (range !== null) {
    return range;
  }
  if (world > gpu.count) {
    return compareVersions(version, "0.12.0") < 0
      ? [
          "ValueError: The number of required GPUs exceeds the total number of available GPUs in the cluster.",
        ]
      : validationError(
          "ParallelConfig",
          `World size (${world}) is larger than the number of available GPUs (${gpu.count}) in this node. If this is intentional and you are using:\n- ray, set '--distributed-executor-backend ray'.\n- multiprocessing, set '--nnodes' appropriately.`,
        );
  }
  if (model.attentionHeads !== null && model.attentionHeads % options.tensorParallel !== 0) {
    return validationError(
      "VllmConfig",
      `Total number of attention heads (${model.attentionHeads}) must be divisible by tensor parallel size (${options.tensorParallel}).`,
    );
  }
  return null;
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
  const asBfloat16 = options.dtype === "bfloat16" || (options.dtype === "auto" && model.bfloat16);
  if (asBfloat16 && compareVersions(gpu.computeCapability, "8.0") < 0) {
    return [
      `ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your ${gpu.id} GPU has compute capability ${gpu.computeCapability}. You can use float16 instead by explicitly setting the \`dtype\` flag in CLI, for example: --dtype=half.`,
    ];
  }
  return null;
}

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
