import { compareVersions } from "../../core/versions";
import { pythonRepr } from "../vllm-api/python";
import { CONFIG_KEYS, KEYS_OF, SPECULATIVE_METHODS } from "./vllm-config-keys";
import type { VllmOptions } from "./vllm-options";
import { validationError } from "./vllm-ranges";
import { givenNumber } from "./vllm-values";

/** Pydantic's report of a JSON value that it cannot make one of vLLM's configuration classes of; null if it can. */
export function configProblem(config: string, text: string, version: string): string | null {
  const value = parsed(text);
  if (value === undefined) {
    const invalid = text.startsWith("{")
      ? "key must be a string at line 1 column 2"
      : "expected value at line 1 column 1";
    return report(config, null, `Invalid JSON: ${invalid}`, "json_invalid", text);
  }
  if (!isObject(value)) {
    // Older releases read a bare number as the level.
    const isLevel = typeof value === "number" && compareVersions(version, "0.12.0") < 0;
    return isLevel
      ? null
      : report(config, null, "Input should be an object", "dataclass_type", value);
  }
  return keysProblem(config, value, version) ?? fieldProblem(config, value, version);
}

/** The end of the traceback if the options cannot set up speculative decoding; null if they can. */
export function speculativeProblem({ flags }: VllmOptions, version: string): string[] | null {
  const text = flags.get("speculative-config")?.[0] ?? "";
  const given = text === "" || text === "None" ? null : parsed(text);
  if (given === null || given === undefined || compareVersions(version, "0.12.0") < 0) {
    return null;
  }
  if (!isObject(given)) {
    return [`AttributeError: '${typeName(given)}' object has no attribute 'update'`];
  }
  const config = "SpeculativeConfig";
  const name = "pydantic_core._pydantic_core.ValidationError: ";
  const wrong = keysProblem(config, given, version) ?? methodProblem(given, version);
  if (wrong !== null) {
    return `${name}${wrong}`.split("\n");
  }
  const tokens = given["num_speculative_tokens"] ?? givenNumber(flags, "spec-tokens");
  const hasModel = typeof (given["model"] ?? flags.get("spec-model")?.[0]) === "string";
  const method = given["method"] ?? flags.get("spec-method")?.[0] ?? "draft_model";
  if (hasModel || typeof method !== "string") {
    return null;
  }
  if (typeof tokens === "number" && !WITHOUT_MODEL.test(method)) {
    return validationError(
      config,
      "num_speculative_tokens was provided but without speculative model.",
    );
  }
  const hasTokens = typeof tokens === "number" || "num_speculative_tokens_per_batch_size" in given;
  return hasTokens || method === "suffix"
    ? null
    : validationError(
        config,
        "num_speculative_tokens must be provided with speculative model unless the draft model config contains an n_predict parameter.",
      );
}

/** The object that an option is given as JSON; empty for everything else. */
export function parsedConfig(text: string): Record<string, unknown> {
  const value = parsed(text);
  return isObject(value) ? value : {};
}

/** A value of JSON, in which newer releases also take `80m`; undefined if it is none. */
function parsed(text: string): unknown {
  const plain = text.replaceAll(
    /"(?:[^"\\]|\\.)*"|\b(\d+(?:\.\d+)?)[kKmMgGtT]\b/g,
    (found, number) => (number === undefined ? found : number),
  );
  try {
    return JSON.parse(plain);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysProblem(
  config: string,
  value: Record<string, unknown>,
  version: string,
): string | null {
  const keys = KEYS_OF.test(version) ? CONFIG_KEYS[config] : undefined;
  const unknown = Object.entries(value).filter(([key]) => keys?.has(key) === false);
  const lines = unknown.map(([key, inner]) =>
    detail(key, "Unexpected keyword argument", "unexpected_keyword_argument", inner),
  );
  return lines.length === 0 ? null : [heading(lines.length, config), ...lines].join("\n");
}

function fieldProblem(
  config: string,
  value: Record<string, unknown>,
  version: string,
): string | null {
  if (compareVersions(version, "0.12.0") < 0) {
    return null;
  }
  if (config === "KVTransferConfig" && value["kv_connector"] && !value["kv_role"]) {
    return report(
      config,
      null,
      `Value error, Please specify kv_role when kv_connector is set, supported roles are ${ROLES}`,
      "value_error",
      value,
    );
  }
  const { backend = "auto" } = value;
  return config === "StructuredOutputsConfig" && !BACKENDS.includes(backend as string)
    ? report(config, "backend", `Input should be ${choice(BACKENDS)}`, "literal_error", backend)
    : null;
}

function methodProblem({ method = null }: Record<string, unknown>, version: string): string | null {
  return method === null || SPECULATIVE_METHODS.has(method as string) || !KEYS_OF.test(version)
    ? null
    : report(
        "SpeculativeConfig",
        "method",
        `Input should be ${choice([...SPECULATIVE_METHODS])}`,
        "literal_error",
        method,
      );
}

/** Methods that draft without a model of their own, or with the model that is served. */
const WITHOUT_MODEL = /^(?:ngram|\[ngram\]|ngram_gpu|suffix|extract_hidden_states|.*mtp)$/;
const ROLES = "('kv_producer', 'kv_both', 'kv_consumer')";
const BACKENDS = ["auto", "xgrammar", "guidance", "outlines", "lm-format-enforcer"];

function choice(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

function report(
  config: string,
  key: string | null,
  text: string,
  type: string,
  input: unknown,
): string {
  return [heading(1, config), detail(key, text, type, input)].join("\n");
}

function heading(count: number, config: string): string {
  return `${count} validation error${count === 1 ? "" : "s"} for ${config}`;
}

function detail(key: string | null, text: string, type: string, input: unknown): string {
  return [
    ...(key === null ? [] : [key]),
    `  ${text} [type=${type}, input_value=${pythonRepr(input)}, input_type=${typeName(input)}]`,
    `    For further information visit https://errors.pydantic.dev/2.12/v/${type}`,
  ].join("\n");
}

/** The type that Python gives a value of JSON. */
function typeName(value: unknown): string {
  if (value === null) {
    return "NoneType";
  }
  if (Array.isArray(value)) {
    return "list";
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? "int" : "float";
  }
  return { boolean: "bool", string: "str" }[typeof value as string] ?? "dict";
}
