import { seededRandom } from "../../../core/random";
import { type Fields, isObject } from "../../values";
import { lookUp, merged } from "./combine-schemas";
import { sampleNumber } from "./sample-number";
import { samplePattern } from "./sample-pattern";
import { sampleString } from "./sample-string";
import { schemaValidator } from "./validator";

/**
 * A value that a JSON schema allows; `text` where any string will do. Null if none was found.
 * Equal schemas have equal values.
 */
export function sampleJson(schema: unknown, text: string): { value: unknown } | null {
  try {
    const isValid = schemaValidator(schema);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const value = new Sampler(schema, text, attempt).sample(schema, 0);
      if (isValid(value)) {
        return { value };
      }
    }
  } catch (error) {
    // Too many values, too deep, or too long.
    if (!(error instanceof RangeError)) {
      throw error;
    }
  }
  return null;
}

const ATTEMPTS = 24;
const MAX_VALUES = 2_000;
const MAX_DEPTH = 64;
/** Deeper objects have only what must be. */
const FILLED_DEPTH = 8;

/** The first attempt takes the first of all alternatives; later ones take others. */
class Sampler {
  private values = 0;
  private readonly random: () => number;
  private readonly pick = <T>(options: readonly T[]): T | undefined =>
    options[this.attempt === 0 ? 0 : Math.floor(this.random() * options.length)];

  constructor(
    private readonly root: unknown,
    private readonly text: string,
    private readonly attempt: number,
  ) {
    this.random = seededRandom(attempt, 0);
  }

  sample(schema: unknown, depth: number): unknown {
    this.count(depth);
    if (!isObject(schema)) {
      return {};
    }
    const flat = this.flat(schema, depth);
    if ("const" in flat) {
      return flat["const"];
    }
    const choices = listOf(flat["enum"] ?? (this.attempt === 0 ? flat["examples"] : []));
    if (choices.length > 0) {
      return this.pick(choices);
    }
    switch (this.typeOf(flat)) {
      case "string":
        return sampleString(flat, this.text, this.pick);
      case "integer":
        return sampleNumber(flat, true, this.pick);
      case "number":
        return sampleNumber(flat, false, this.pick);
      case "boolean":
        return true;
      case "null":
        return null;
      case "array":
        return this.list(flat, depth);
      default:
        return this.object(flat, depth);
    }
  }

  private count(depth: number): void {
    this.values += 1;
    if (this.values > MAX_VALUES || depth > MAX_DEPTH) {
      throw new RangeError("the value is too large");
    }
  }

  /** One schema instead of references, alternatives and parts. */
  private flat(schema: Fields, depth: number): Fields {
    this.count(depth);
    const { $ref, allOf, anyOf, oneOf, ...own } = schema;
    const parts = [
      ...(typeof $ref === "string" ? [lookUp(this.root, $ref)] : []),
      ...listOf(allOf),
      ...[anyOf, oneOf].flatMap((options) => this.alternative(listOf(options), depth)),
    ];
    return parts
      .filter(isObject)
      .reduce((all, part) => merged(all, this.flat(part, depth + 1)), own);
  }

  /** Deep in a recursive schema, an alternative that ends. */
  private alternative(options: readonly unknown[], depth: number): unknown[] {
    const ending = options.filter((option) => !JSON.stringify(option).includes('"$ref"'));
    const chosen = this.pick(depth > FILLED_DEPTH && ending.length > 0 ? ending : options);
    return chosen === undefined ? [] : [chosen];
  }

  private typeOf(schema: Fields): unknown {
    const types = [schema["type"] ?? []].flat();
    return types.length > 0
      ? this.pick(types)
      : Object.keys(TYPE_OF_KEYWORD)
          .filter((keyword) => keyword in schema)
          .map((keyword) => TYPE_OF_KEYWORD[keyword])[0];
  }

  private list(schema: Fields, depth: number): unknown {
    const { items, prefixItems, additionalItems, minItems, maxItems } = schema;
    const first = listOf(Array.isArray(items) ? items : prefixItems);
    const rest = Array.isArray(items) ? additionalItems : items;
    const usual = this.attempt === 0 && depth < FILLED_DEPTH && rest !== false ? 1 : 0;
    const length = Math.max(Number(minItems ?? usual), Math.min(first.length, most(maxItems)));
    const values: unknown[] = [];
    for (let index = 0; index < Math.min(length, most(maxItems)); index++) {
      values.push(this.sample(first[index] ?? rest, depth + 1));
    }
    return values;
  }

  /** All properties, as a model fills them. */
  private object(schema: Fields, depth: number): unknown {
    const properties = isObject(schema["properties"]) ? schema["properties"] : {};
    const required = listOf(schema["required"]).map(String);
    const isFilled = depth < FILLED_DEPTH && this.attempt % 2 === 0;
    const optional = Object.keys(properties).filter(
      (name) => isFilled && properties[name] !== false && !required.includes(name),
    );
    const names = new Set(
      Object.keys(properties).filter((name) => required.includes(name) || optional.includes(name)),
    );
    for (const name of required) {
      names.add(name);
    }
    for (const name of optional.reverse()) {
      if (names.size > most(schema["maxProperties"])) {
        names.delete(name);
      }
    }
    const other = this.otherProperty(schema);
    const isMap = other !== null && Object.keys(properties).length === 0 && isFilled;
    const least = Math.max(Number(schema["minProperties"] ?? 0), isMap ? 1 : 0);
    for (let number = 1; other !== null && names.size < least; number++) {
      this.count(depth);
      names.add(other.name(number));
    }
    const value = Object.create(null) as Record<string, unknown>;
    for (const name of names) {
      const property = Object.hasOwn(properties, name) ? properties[name] : other?.schema;
      value[name] = this.sample(property ?? {}, depth + 1);
    }
    return value;
  }

  /** What a property that is not named may be; null if nothing says it. */
  private otherProperty(
    schema: Fields,
  ): { schema: unknown; name: (number: number) => string } | null {
    const [patterned] = Object.entries(
      isObject(schema["patternProperties"]) ? schema["patternProperties"] : {},
    );
    if (patterned !== undefined) {
      const [pattern, property] = patterned;
      const name = (number: number) =>
        samplePattern(pattern, { least: number, most: 1_000 }, this.pick) ?? "";
      return { schema: property, name };
    }
    const { additionalProperties, minProperties } = schema;
    return isObject(additionalProperties) || (minProperties && additionalProperties !== false)
      ? { schema: additionalProperties, name: (number) => `key${number}` }
      : null;
  }
}

function most(limit: unknown): number {
  return Number(limit ?? Number.POSITIVE_INFINITY);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const TYPE_OF_KEYWORD: Readonly<Record<string, string>> = {
  properties: "object",
  required: "object",
  additionalProperties: "object",
  items: "array",
  prefixItems: "array",
  minItems: "array",
  pattern: "string",
  format: "string",
  minLength: "string",
  maxLength: "string",
  multipleOf: "number",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
};
