import { parseAnyJson } from "../../core/json";
import { isSince } from "../../core/versions";
import { configProblem } from "./vllm-configs";
import { HUMAN_NUMBERS, humanNumber } from "./vllm-numbers";

/** What argparse says about a value whose form vLLM's own code checks; null if it is valid. */
export function wrongVllmValue(name: string, value: string, version: string): string | null {
  if (HUMAN_NUMBERS.has(name)) {
    const number = humanNumber(value);
    const isAuto = name === "max-model-len" && isSince(version, "0.14.0");
    if (number === null || (/auto/i.test(value) && !isAuto)) {
      return wrongHumanNumber(value, isAuto ? "human_readable_int_or_auto" : "human_readable_int");
    }
    return null;
  }
  if (value === "" || value === "None") {
    return null;
  }
  const config = CONFIGS[name];
  if (config !== undefined) {
    return configProblem(config, value, version);
  }
  if (parseAnyJson(value) !== undefined) {
    return null;
  }
  if (JSON_LISTS.has(name)) {
    return `invalid loads value: '${value}'`;
  }
  const isList = /^[^={}]+=[^={},]+(?:,[^={}]+=[^={},]+)*$/.test(value);
  return !JSON_OBJECTS.has(name) || (isList && !isSince(version, "0.11.0"))
    ? null
    : `Value ${value} cannot be converted to <function loads at 0x7f1c8a5b3ec0>.`;
}

function wrongHumanNumber(value: string, type: string): string {
  const decimals = /^(\d+\.\d+)([KMGT])$/.exec(value.trim());
  return decimals === null
    ? `invalid ${type} value: '${value}'`
    : `Decimals are not allowed with binary suffixes like ${decimals[2]}. Did you mean to use ${decimals[1]}${decimals[2]?.toLowerCase()} instead?`;
}

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

/** Flags that are read by `json.loads` alone. */
const JSON_LISTS: ReadonlySet<string> = new Set([
  "allowed-headers",
  "allowed-methods",
  "allowed-origins",
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
