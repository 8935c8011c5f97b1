import { isSince } from "../../core/versions";
import { givenNumber } from "./vllm-numbers";
import type { VllmOptions } from "./vllm-options";

/** The end of vLLM's traceback if a number is out of its range; null if none is. */
export function rangeProblem(
  { flags, utilization }: VllmOptions,
  version: string,
): string[] | null {
  if (utilization > 1 && !isSince(version, "0.11.1")) {
    return validationError(
      "CacheConfig",
      `GPU memory utilization must be less than 1.0. Got ${utilization}.`,
    );
  }
  if (givenNumber(flags, "max-model-len") === 0 && isSince(version, "0.14.0")) {
    return validationError(
      "ModelConfig",
      "max_model_len must be a positive integer, got int: 0. Example: max_model_len=2048",
    );
  }
  for (const [name, { config, since = "0", ...range }] of Object.entries(RANGES)) {
    const number = givenNumber(flags, name);
    const broken = number === null ? null : brokenBound(number, range);
    // Without adapters, their configuration is not made.
    const isMade = isSince(version, since) && (config !== "LoRAConfig" || flags.has("enable-lora"));
    if (number !== null && broken !== null && isMade) {
      const [type, text] = broken;
      const kind = Number.isInteger(number) ? "int" : "float";
      const given = Number.isNaN(number) ? "nan" : String(number).replace("Infinity", "inf");
      return [
        `pydantic_core._pydantic_core.ValidationError: 1 validation error for ${config}`,
        name.replaceAll("-", "_"),
        `  Input should be ${text} [type=${type}, input_value=${given}, input_type=${kind}]`,
        `    For further information visit https://errors.pydantic.dev/2.12/v/${type}`,
      ];
    }
  }
  return null;
}

/** Pydantic's report of an error that vLLM raises. */
export function validationError(config: string, message: string): string[] {
  return [
    `pydantic_core._pydantic_core.ValidationError: 1 validation error for ${config}`,
    ...`  Value error, ${message} [type=value_error, input_value=ArgsKwargs((), {...}), input_type=ArgsKwargs]`.split(
      "\n",
    ),
    "    For further information visit https://errors.pydantic.dev/2.12/v/value_error",
  ];
}

interface Range {
  /** Inclusive. */
  min?: number;
  /** Exclusive. */
  above?: number;
  /** Inclusive. */
  max?: number;
  /** The first release that checks it. @default all */
  since?: string;
}

/** By flag, in the order in which vLLM makes its configurations. */
const RANGES: Readonly<Record<string, Range & { config: string }>> = {
  "max-model-len": { config: "ModelConfig", min: -1, since: "0.14.0" },
  "gpu-memory-utilization": { config: "CacheConfig", above: 0, max: 1 },
  "block-size": { config: "CacheConfig", above: 0 },
  "swap-space": { config: "CacheConfig", min: 0 },
  "cpu-offload-gb": { config: "CacheConfig", min: 0 },
  "pipeline-parallel-size": { config: "ParallelConfig", min: 1 },
  "tensor-parallel-size": { config: "ParallelConfig", min: 1 },
  "data-parallel-size": { config: "ParallelConfig", min: 1 },
  "data-parallel-size-local": { config: "ParallelConfig", min: 0, since: "0.24.0" },
  "data-parallel-rank": { config: "ParallelConfig", min: 0, since: "0.24.0" },
  "prefill-context-parallel-size": { config: "ParallelConfig", min: 1, since: "0.24.0" },
  "decode-context-parallel-size": { config: "ParallelConfig", min: 1, since: "0.24.0" },
  nnodes: { config: "ParallelConfig", min: 1, since: "0.24.0" },
  "node-rank": { config: "ParallelConfig", min: 0, since: "0.24.0" },
  "max-num-batched-tokens": { config: "SchedulerConfig", min: 1 },
  "max-num-seqs": { config: "SchedulerConfig", min: 1 },
  "max-num-partial-prefills": { config: "SchedulerConfig", min: 1 },
  "max-long-partial-prefills": { config: "SchedulerConfig", min: 1 },
  "stream-interval": { config: "SchedulerConfig", min: 1 },
  "max-loras": { config: "LoRAConfig", min: 1 },
};

/** Pydantic's type of the error, and its words; NaN is above each highest value. */
function brokenBound(value: number, { min, above, max }: Range): [string, string] | null {
  if (max !== undefined && !(value <= max)) {
    return ["less_than_equal", `less than or equal to ${max}`];
  }
  if (min !== undefined && value < min) {
    return ["greater_than_equal", `greater than or equal to ${min}`];
  }
  return above !== undefined && value <= above ? ["greater_than", `greater than ${above}`] : null;
}
