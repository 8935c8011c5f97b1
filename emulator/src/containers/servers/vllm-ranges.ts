import { compareVersions } from "../../core/versions";
import type { VllmOptions } from "./vllm-options";

/** The end of vLLM's traceback if a number is out of its range; null if none is. */
export function rangeProblem(
  { flags, utilization }: VllmOptions,
  version: string,
): string[] | null {
  if (utilization > 1 && compareVersions(version, "0.11.1") < 0) {
    return validationError(
      "CacheConfig",
      `GPU memory utilization must be less than 1.0. Got ${utilization}.`,
    );
  }
  for (const [name, { config, ...range }] of Object.entries(RANGES)) {
    const given = flags.get(name)?.[0];
    const broken = given === undefined ? null : brokenBound(Number(given), range);
    if (broken !== null) {
      const [type, text] = broken;
      const kind = Number.isInteger(Number(given)) ? "int" : "float";
      return [
        `pydantic_core._pydantic_core.ValidationError: 1 validation error for ${config}`,
        name.replaceAll("-", "_"),
        `  Input should be ${text} [type=${type}, input_value=${given}, input_type=${kind}]`,
        `    For further information visit https://errors.pydantic.dev/2.12/v/${type}`,
      ];
    }
  }
  const [batched, sequences] = ["max-num-batched-tokens", "max-num-seqs"].map(
    (name) => flags.get(name)?.[0],
  );
  return Number(batched) < Number(sequences)
    ? validationError(
        "SchedulerConfig",
        `max_num_batched_tokens (${batched}) must be greater than or equal to max_num_seqs (${sequences}).`,
      )
    : null;
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
}

/** By flag, in the order in which vLLM makes its configurations. */
const RANGES: Readonly<Record<string, Range & { config: string }>> = {
  "gpu-memory-utilization": { config: "CacheConfig", above: 0, max: 1 },
  "block-size": { config: "CacheConfig", above: 0 },
  "swap-space": { config: "CacheConfig", min: 0 },
  "cpu-offload-gb": { config: "CacheConfig", min: 0 },
  "pipeline-parallel-size": { config: "ParallelConfig", min: 1 },
  "tensor-parallel-size": { config: "ParallelConfig", min: 1 },
  "data-parallel-size": { config: "ParallelConfig", min: 1 },
  "max-num-batched-tokens": { config: "SchedulerConfig", min: 1 },
  "max-num-seqs": { config: "SchedulerConfig", min: 1 },
  "max-num-partial-prefills": { config: "SchedulerConfig", min: 1 },
  "max-long-partial-prefills": { config: "SchedulerConfig", min: 1 },
  "stream-interval": { config: "SchedulerConfig", min: 1 },
};

/** Pydantic's type of the error, and its words. */
function brokenBound(value: number, { min, above, max }: Range): [string, string] | null {
  if (min !== undefined && value < min) {
    return ["greater_than_equal", `greater than or equal to ${min}`];
  }
  if (above !== undefined && value <= above) {
    return ["greater_than", `greater than ${above}`];
  }
  return max !== undefined && value > max
    ? ["less_than_equal", `less than or equal to ${max}`]
    : null;
}
