import { type Fields, isObject } from "../values";

/** A value that a JSON schema allows; `text` where any string will do. Patterns are not read. */
export function sampleJson(schema: unknown, text: string): unknown {
  return new Sampler(schema, text).sample(schema, 0);
}

class Sampler {
  private values = 0;

  constructor(
    private readonly root: unknown,
    private readonly text: string,
  ) {}

  sample(schema: unknown, depth: number): unknown {
    this.values += 1;
    if (!isObject(schema) || depth > MAX_DEPTH || this.values > MAX_VALUES) {
      return isObject(schema) ? null : {};
    }
    const inner = (part: unknown) => this.sample(part, depth + 1);
    if (typeof schema["$ref"] === "string") {
      return inner(resolve(this.root, schema["$ref"]));
    }
    if ("const" in schema) {
      return schema["const"];
    }
    const [alternative] = listOf(schema["anyOf"] ?? schema["oneOf"]);
    if (alternative !== undefined) {
      return inner(alternative);
    }
    const parts = listOf(schema["allOf"]);
    if (parts.length > 0) {
      return Object.assign({}, ...parts.map(inner));
    }
    const [choice] = listOf(schema["enum"] ?? schema["examples"]);
    if (choice !== undefined) {
      return choice;
    }
    switch (typeOf(schema)) {
      case "string":
        return sampleString(schema, this.text);
      case "integer":
      case "number":
        return sampleNumber(schema);
      case "boolean":
        return true;
      case "null":
        return null;
      case "array":
        return this.list(schema, inner);
      default:
        return this.object(schema, inner, depth);
    }
  }

  private list(schema: Fields, inner: (part: unknown) => unknown): unknown {
    const first = listOf(schema["prefixItems"]);
    const length = Math.max(Number(schema["minItems"] ?? 1), first.length);
    return Array.from({ length: Math.min(length, MAX_VALUES) }, (_, index) =>
      inner(first[index] ?? schema["items"]),
    );
  }

  /** All properties, as a model fills them; in the depth of a recursive schema only what must be. */
  private object(schema: Fields, inner: (part: unknown) => unknown, depth: number): unknown {
    const properties = isObject(schema["properties"]) ? schema["properties"] : {};
    const required = new Set(listOf(schema["required"]));
    const entries = Object.entries(properties).filter(
      ([name]) => depth < FILLED_DEPTH || required.has(name),
    );
    return Object.fromEntries(entries.map(([name, property]) => [name, inner(property)]));
  }
}

const MAX_DEPTH = 32;
const FILLED_DEPTH = 8;
const MAX_VALUES = 1_000;

function typeOf(schema: Fields): unknown {
  return [schema["type"]].flat()[0] ?? ("items" in schema ? "array" : "object");
}

function sampleString(schema: Fields, text: string): string {
  const format = schema["format"];
  const sample = (typeof format === "string" && SAMPLES[format]) || text;
  const padded = sample.padEnd(Math.min(Number(schema["minLength"] ?? 0), MAX_VALUES), ".");
  return padded.slice(0, Number(schema["maxLength"] ?? padded.length));
}

function sampleNumber(schema: Fields): number {
  const step = Number(schema["multipleOf"] ?? 1);
  const above = schema["exclusiveMinimum"];
  const least = typeof above === "number" ? above + step : Number(schema["minimum"] ?? 0);
  return Math.min(
    Math.ceil(least / step) * step,
    Number(schema["maximum"] ?? Number.POSITIVE_INFINITY),
  );
}

/** Where `#/$defs/name` leads. */
function resolve(root: unknown, reference: string): unknown {
  return reference
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean)
    .reduce<unknown>((place, key) => (isObject(place) ? place[key] : undefined), root);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const SAMPLES: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  time: "00:00:00Z",
  duration: "PT1S",
  email: "user@example.com",
  uri: "https://example.com",
  uuid: "00000000-0000-4000-8000-000000000000",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
};
