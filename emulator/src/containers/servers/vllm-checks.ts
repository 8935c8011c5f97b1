import { unsupportedBy } from "../architectures";
import { hubRefusal, incomplete } from "../hub-refusal";
import type { Environment, Machine } from "../machine";
import { type Model, USUAL_MAX_POSITION } from "../models";
import { argumentProblem, nameProblem } from "./vllm-arguments";
import { type Checkpoint, checkpointOf } from "./vllm-checkpoint";
import { hiddenGpuProblem, parallelProblem, visibleGpus } from "./vllm-devices";
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
