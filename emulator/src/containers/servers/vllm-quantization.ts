import { compareVersions } from "../../core/versions";
import type { Model } from "../models";
import type { Checkpoint } from "./vllm-checkpoint";
import { QUANTIZATIONS } from "./vllm-names";
import type { VllmOptions } from "./vllm-options";
import { validationError } from "./vllm-ranges";

/**
 * The end of the traceback if the checkpoint has no weights in the precision that the options ask for;
 * null if it has (vllm/config/model.py).
 */
export function quantizationProblem(
  { quantization, dtype }: VllmOptions,
  model: Model,
  checkpoint: Checkpoint,
  version: string,
): string[] | null {
  const { family } = checkpoint;
  if (
    family !== null &&
    /^(?:float16|half)$/.test(dtype) &&
    compareVersions(version, "0.10.0") >= 0
  ) {
    return validationError(
      "ModelConfig",
      `The model type '${family}' does not support float16. Reason: Numerical instability. Please use bfloat16 or float32 instead.`,
    );
  }
  if (quantization === null) {
    return null;
  }
  if (!QUANTIZATIONS.has(quantization)) {
    return [`ValueError: Invalid quantization method: ${quantization}`];
  }
  if (model.fullPrecision) {
    return FROM_CHECKPOINT.test(quantization)
      ? [`ValueError: Cannot find the config file for ${quantization}`]
      : null;
  }
  const stored = checkpoint.quantization;
  const loads = stored === null ? undefined : LOADED_AS[stored];
  return loads === undefined || loads.test(quantization)
    ? null
    : validationError(
        "ModelConfig",
        `Quantization method specified in the model config (${stored}) does not match the quantization method specified in the \`quantization\` argument (${quantization}).`,
      );
}

/** Methods that only load what was quantized before. */
const FROM_CHECKPOINT = /^(?:awq|gptq|compressed-tensors|modelopt|quark|auto-round|hqq|mxfp4$)/;

/** What each stored method may be asked for as (`override_quantization_method` of each method). */
const LOADED_AS: Readonly<Record<string, RegExp>> = {
  awq: /^(?:(?:auto_|cpu_)?awq(?:_marlin)?|marlin|moe_wna16|inc|auto-round|ipex)$/,
  gptq: /^(?:(?:auto_|cpu_)?gptq(?:_marlin|_marlin_24|_bitblas)?|marlin|bitblas|moe_wna16|inc|auto-round|ipex)$/,
  fp8: /^(?:fp8|deepseek_v4_fp8|humming)$/,
  bitsandbytes: /^bitsandbytes$/,
};
