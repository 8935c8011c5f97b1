import { isSince } from "../../core/versions";
import type { Model } from "../models";
import { pythonRepr } from "../vllm-api/python";
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
  if (family !== null && /^(?:float16|half)$/.test(dtype) && isSince(version, "0.10.0")) {
    return validationError(
      "ModelConfig",
      `The model type '${family}' does not support float16. Reason: Numerical instability. Please use bfloat16 or float32 instead.`,
    );
  }
  const method = quantization ?? checkpoint.quantization;
  const since = PLUGINS.get(method ?? "");
  if (since !== undefined && isSince(version, since)) {
    const names = [...QUANTIZATIONS].filter((name) => !PLUGINS.has(name));
    return validationError(
      "ModelConfig",
      `Unknown quantization method: ${method}. Must be one of ${pythonRepr(names)}.`,
    );
  }
  if (quantization === null) {
    return null;
  }
  if (!QUANTIZATIONS.has(quantization)) {
    return [`ValueError: Invalid quantization method: ${quantization}`];
  }
  if (model.fullPrecision) {
    if (quantization === "compressed-tensors" || quantization === "quark") {
      return [`TypeError: ${quantization === "quark" ? QUARK : compressedTensors(version)}`];
    }
    return FROM_FILE.test(quantization)
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

/** Since when a method is in a plugin that the image does not have (docs/features/quantization). */
const PLUGINS: ReadonlyMap<string, string> = new Map([
  ["gguf", "0.24.0"],
  ["bitsandbytes", "0.28.0"],
]);

/** Methods that read how the weights were quantized from a separate file. */
const FROM_FILE = /^(?:(?:auto_)?(?:awq|gptq)|modelopt)/;

// Methods that need what config.json says, and are made without it (get_quant_config in weight_utils.py).
const QUARK = "QuarkConfig.__init__() missing 1 required positional argument: 'quant_config'";

function compressedTensors(version: string): string {
  const name = "CompressedTensorsConfig.__init__()";
  return !isSince(version, "0.24.0")
    ? `${name} missing 5 required positional arguments: 'target_scheme_map', 'ignore', 'quant_format', 'sparsity_scheme_map', and 'sparsity_ignore_list'`
    : `${name} missing 3 required positional arguments: 'target_scheme_map', 'ignore', and 'quant_format'`;
}

/** What each stored method may be asked for as (`override_quantization_method` of each method). */
const LOADED_AS: Readonly<Record<string, RegExp>> = {
  awq: /^(?:(?:auto_|cpu_)?awq(?:_marlin)?|marlin|moe_wna16|inc|auto-round|ipex)$/,
  gptq: /^(?:(?:auto_|cpu_)?gptq(?:_marlin|_marlin_24|_bitblas)?|marlin|bitblas|moe_wna16|inc|auto-round|ipex)$/,
  fp8: /^(?:fp8|deepseek_v4_fp8|humming)$/,
  bitsandbytes: /^bitsandbytes$/,
};
