import { type Fields, isObject } from "../../values";
import { lookUp } from "./combine-schemas";
import { compilePattern } from "./sample-pattern";
import { FORMATS } from "./sample-string";

/**
 * Why vLLM refuses a JSON schema; null if it takes it. It compiles the schema with xgrammar, and with
 * llguidance what xgrammar does not support; the sentences are llguidance's
 * (https://github.com/guidance-ai/llguidance/tree/main/parser/src/json).
 */
export function schemaRefusal(schema: unknown): string | null {
  const hasPatternNames = contains(schema, (part) => "patternProperties" in part);
  const isStrict = !hasPatternNames && contains(schema, needsGuidance);
  const problem = new Reader(schema, isStrict).problem(schema);
  return problem === null ? null : `Grammar error: ${problem}`;
}

/** What RE2 and vLLM's grammars cannot match. */
export function patternRefusal(pattern: string): string | null {
  try {
    compilePattern(pattern);
    return null;
  } catch (error) {
    return /\(\?<?[=!]/.test(pattern)
      ? "look-around, including look-ahead and look-behind, is not supported"
      : /\\[1-9k]/.test(pattern)
        ? "backreferences are not supported"
        : String(error instanceof Error ? error.message : error);
  }
}

/** What xgrammar leaves to llguidance (vllm/v1/structured_output/backend_xgrammar.py). */
function needsGuidance(part: Fields): boolean {
  const is = (type: string) => [part["type"]].flat().includes(type);
  const has = (...keys: string[]) => keys.some((key) => key in part);
  return (
    ((is("integer") || is("number")) && has("multipleOf")) ||
    (is("array") && has("uniqueItems", "contains", "minContains", "maxContains")) ||
    (is("string") &&
      typeof part["format"] === "string" &&
      !Object.hasOwn(FORMATS, part["format"])) ||
    (is("object") && has("propertyNames"))
  );
}

function contains(value: unknown, test: (part: Fields) => boolean): boolean {
  return Array.isArray(value)
    ? value.some((item) => contains(item, test))
    : isObject(value) && (test(value) || Object.values(value).some((item) => contains(item, test)));
}

/** Reads a schema as llguidance compiles it: each subschema, and each reference once. */
class Reader {
  private readonly seen = new Set<string>();

  constructor(
    private readonly root: unknown,
    /** Whether llguidance alone decides, which refuses the keywords and formats that it does not know. */
    private readonly isStrict: boolean,
  ) {}

  problem(schema: unknown): string | null {
    if (typeof schema === "boolean") {
      return null;
    }
    if (!isObject(schema)) {
      return "schema must be an object or boolean";
    }
    const unknown = Object.keys(schema).filter((key) => UNIMPLEMENTED.has(key));
    if (this.isStrict && unknown.length > 0) {
      const names = unknown.sort().map((key) => JSON.stringify(key));
      return `Unimplemented keys: [${names.join(", ")}]`;
    }
    return (
      wrongKind(schema) ??
      wrongType(schema) ??
      this.wrongString(schema) ??
      emptyRange(schema) ??
      this.wrongReference(schema) ??
      first(subschemas(schema), (part) => this.problem(part))
    );
  }

  private wrongString({ format, pattern }: Fields): string | null {
    if (this.isStrict && typeof format === "string" && !GUIDANCE_FORMATS.has(format)) {
      return `Unknown format: ${format}`;
    }
    return typeof pattern === "string" ? patternRefusal(pattern) : null;
  }

  private wrongReference({ $ref }: Fields): string | null {
    if (typeof $ref !== "string" || this.seen.has($ref)) {
      return null;
    }
    this.seen.add($ref);
    const target = lookUp(this.root, $ref);
    return target === undefined || !$ref.startsWith("#")
      ? `Pointer '${$ref.replace(/^#/, "")}' does not exist`
      : this.problem(target);
  }
}

function first<T>(items: readonly T[], problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) {
      return found;
    }
  }
  return null;
}

function wrongKind(schema: Fields): string | null {
  return first(Object.entries(schema), ([key, value]) => {
    const [isRight, message] = KINDS[key] ?? [() => true, () => ""];
    return isRight(value) ? null : message(key, limited(value));
  });
}

function wrongType({ type }: Fields): string | null {
  const types = [type ?? []].flat();
  if (types.some((name) => typeof name !== "string")) {
    return Array.isArray(type)
      ? "type must be a string"
      : "type must be a string or array of strings";
  }
  const wrong = types.find((name) => !TYPES.has(String(name)));
  return wrong === undefined ? null : `Invalid type: ${String(wrong)}`;
}

function emptyRange(schema: Fields): string | null {
  return first(RANGES, ([low, high, isOpen]) => {
    const [least, most] = [schema[low], schema[high]];
    if (typeof least !== "number" || typeof most !== "number") {
      return null;
    }
    const relation = least > most ? "greater than" : isOpen && least === most ? "equal to" : null;
    return relation === null
      ? null
      : `Unsatisfiable schema: ${low} (${least}) is ${relation} ${high} (${most})`;
  });
}

function subschemas(schema: Fields): unknown[] {
  const one = ["items", "additionalItems", "additionalProperties"];
  const lists = ["prefixItems", "items", "anyOf", "oneOf", "allOf"];
  const maps = ["properties", "patternProperties"];
  return [
    ...one.flatMap((key) => (key in schema && !Array.isArray(schema[key]) ? [schema[key]] : [])),
    ...lists.flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : [])),
    ...maps.flatMap((key) => Object.values(isObject(schema[key]) ? schema[key] : {})),
  ];
}

function limited(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

type Kind = readonly [
  isRight: (value: unknown) => boolean,
  message: (key: string, value: string) => string,
];

const isBound = (value: unknown) => typeof value === "number" || typeof value === "boolean";
const isSize = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
const isText = (value: unknown) => typeof value === "string";
const kinds = (isRight: Kind[0], message: Kind[1], ...keys: string[]) =>
  Object.fromEntries(keys.map((key) => [key, [isRight, message] as const]));

const KINDS: Readonly<Record<string, Kind>> = {
  ...kinds(
    (value) => typeof value === "number",
    (key, value) => `Expected f64 for '${key}', got ${value}`,
    "minimum",
    "maximum",
    "multipleOf",
  ),
  ...kinds(
    isBound,
    (key, value) => `Expected f64 for '${key}', got ${value}`,
    "exclusiveMinimum",
    "exclusiveMaximum",
  ),
  ...kinds(
    isSize,
    (key, value) => `Expected positive integer for '${key}', got ${value}`,
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
  ),
  ...kinds(
    isText,
    (key, value) => `Expected string for '${key}', got ${value}`,
    "pattern",
    "format",
  ),
  ...kinds(isText, (_, value) => `$ref must be a string, got ${value}`, "$ref"),
  ...kinds(Array.isArray, (key) => `${key} must be an array`, "enum", "allOf", "anyOf", "oneOf"),
  ...kinds(
    Array.isArray,
    (key, value) => `Expected array for '${key}', got ${value}`,
    "prefixItems",
    "required",
  ),
  ...kinds(isObject, () => "properties must be an object", "properties"),
};

const RANGES = [
  ["minimum", "maximum", false],
  ["exclusiveMinimum", "maximum", true],
  ["minimum", "exclusiveMaximum", true],
  ["exclusiveMinimum", "exclusiveMaximum", true],
  ["minLength", "maxLength", false],
  ["minItems", "maxItems", false],
  ["minProperties", "maxProperties", false],
] as const;

const TYPES = new Set(["null", "boolean", "integer", "number", "string", "array", "object"]);

const GUIDANCE_FORMATS = new Set(
  "date-time time date duration email hostname ipv4 ipv6 uuid uri unknown".split(" "),
);

/** Keywords of JSON Schema that llguidance knows and does not implement. */
const UNIMPLEMENTED = new Set(
  `not if then else contains minContains maxContains uniqueItems propertyNames dependencies
  dependentRequired dependentSchemas unevaluatedItems unevaluatedProperties contentSchema $vocabulary
  $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor`.split(/\s+/),
);
