import { rowOf } from "../models";

/** What a repository's config.json says, of models in the table; null where it is not known. */
export interface Checkpoint {
  /** `quant_method` of its quantization_config; an empty string if it has none. */
  quantization: string | null;
  /** Whether it has no experts. */
  dense: boolean | null;
  /** `model_type` of the families that have special rules. */
  family: string | null;
}

export function checkpointOf(id: string): Checkpoint {
  const row = rowOf(id);
  const name = id.slice(id.indexOf("/") + 1);
  return {
    quantization: row ? (/^[\w-]+/.exec(row.quantization ?? "")?.[0] ?? "") : methodIn(id),
    dense: row ? row.expertsPerToken === null && row.activeParametersB === null : null,
    family: FAMILIES.find(([family]) => family.test(name))?.[1] ?? null,
  };
}

/** The method that a repository's name ends with; only some organizations mean one method by FP8. */
function methodIn(id: string): string | null {
  const method = /[-_](awq|gptq)$|^(?:qwen|zai-org)\/.*-(fp8)$/i.exec(id);
  return (method?.[1] ?? method?.[2])?.toLowerCase() ?? null;
}

const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^gemma-2-/i, "gemma2"],
  [/^gemma-3-(?:270m|1b)/i, "gemma3_text"],
  [/^gemma-3-/i, "gemma3"],
  [/^glm-4-(?:9b|32b)(?:-chat)?-0414/i, "glm4"],
];
