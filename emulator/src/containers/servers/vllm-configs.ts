import { parseAnyJson } from "../../core/json";
import { isSince } from "../../core/versions";
import { isObject } from "../values";
import { pythonRepr } from "../vllm-api/python";
import { CONFIG_KEYS, KEYS_OF } from "./vllm-config-keys";

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
    const isLevel = typeof value === "number" && !isSince(version, "0.12.0");
    return isLevel
      ? null
      : report(config, null, "Input should be an object", "dataclass_type", value);
  }
  return keysProblem(config, value, version) ?? fieldProblem(config, value, version);
}

/** The object that an option is given as JSON; empty for everything else. */
export function parsedConfig(text: string): Record<string, unknown> {
  const value = parsed(text);
  return isObject(value) ? value : {};
}

/** A value of JSON, in which newer releases also take `80m`; undefined if it is none. */
export function parsed(text: string): unknown {
  let plain = "";
  let isInString = false;
  for (const piece of text.split(/(\\.|")/)) {
    isInString = isInString !== (piece === '"');
    plain += isInString ? piece : piece.replaceAll(SUFFIXED, "$1");
  }
  return parseAnyJson(plain);
}

const SUFFIXED = /\b(\d{1,30}(?:\.\d{1,30})?)[kKmMgGtT]\b/g;

export function keysProblem(
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
  if (!isSince(version, "0.12.0")) {
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

const ROLES = "('kv_producer', 'kv_both', 'kv_consumer')";
const BACKENDS = ["auto", "xgrammar", "guidance", "outlines", "lm-format-enforcer"];

export function choice(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

export function report(
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
export function typeName(value: unknown): string {
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
