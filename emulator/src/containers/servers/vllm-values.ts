import { compareVersions } from "../../core/versions";

/** What argparse says about a value whose form vLLM's own code checks; null if it is valid. */
export function wrongVllmValue(name: string, value: string, version: string): string | null {
  if (HUMAN_NUMBERS.has(name) && humanNumber(value) === null) {
    const type = name === "max-model-len" ? "human_readable_int_or_auto" : "human_readable_int";
    return `invalid ${type} value: '${value}'`;
  }
  if (value === "" || value === "None" || isJson(value)) {
    return null;
  }
  if (JSON_OBJECTS.has(name)) {
    const isList = /^[^={}]+=[^={},]+(?:,[^={}]+=[^={},]+)*$/.test(value);
    return isList && compareVersions(version, "0.11.0") < 0
      ? null
      : `Value ${value} cannot be converted to <function loads at 0x7f1c8a5b3ec0>.`;
  }
  const config = CONFIGS[name];
  return config === undefined
    ? null
    : [
        `1 validation error for ${config}`,
        `  Invalid JSON: ${value.startsWith("{") ? "key must be a string at line 1 column 2" : "expected value at line 1 column 1"} [type=json_invalid, input_value='${value}', input_type=str]`,
        "    For further information visit https://errors.pydantic.dev/2.12/v/json_invalid",
      ].join("\n");
}

/** `32k` is 32,000 and `32K` is 32,768; `auto` is -1. Null if it is no number. */
export function humanNumber(text: string): number | null {
  if (text === "auto") {
    return -1;
  }
  const match = text.match(/^(-?\d+(?:\.\d+)?)([kKmMgGtT]?)$/);
  if (!match || (match[1]?.includes(".") && !/[kmgt]/.test(match[2] ?? ""))) {
    return null;
  }
  const factor = FACTORS[match[2] ?? ""] ?? 1;
  return Math.round(Number(match[1]) * factor);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 2 ** 10,
  m: 1e6,
  M: 2 ** 20,
  g: 1e9,
  G: 2 ** 30,
  t: 1e12,
  T: 2 ** 40,
};

const HUMAN_NUMBERS: ReadonlySet<string> = new Set(["max-model-len", "max-num-batched-tokens"]);

/** Flags that take a JSON object as it is. */
const JSON_OBJECTS: ReadonlySet<string> = new Set([
  "additional-config",
  "default-chat-template-kwargs",
  "default-mm-loras",
  "hf-overrides",
  "limit-mm-per-prompt",
  "media-io-kwargs",
  "mm-processor-kwargs",
  "model-loader-extra-config",
  "override-generation-config",
  "override-neuron-config",
  "rope-scaling",
  "speculative-config",
]);

/** The class that each of the other flags with JSON is read into. */
const CONFIGS: Readonly<Record<string, string>> = {
  "attention-config": "AttentionConfig",
  "compilation-config": "CompilationConfig",
  "ec-transfer-config": "ECTransferConfig",
  "eplb-config": "EPLBConfig",
  "kernel-config": "KernelConfig",
  "kv-events-config": "KVEventsConfig",
  "kv-transfer-config": "KVTransferConfig",
  "override-pooler-config": "PoolerConfig",
  "pooler-config": "PoolerConfig",
  "profiler-config": "ProfilerConfig",
  "reasoning-config": "ReasoningConfig",
  "structured-outputs-config": "StructuredOutputsConfig",
  "weight-transfer-config": "WeightTransferConfig",
};
