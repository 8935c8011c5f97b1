import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { jsonText } from "../../../../../../emulator/src/containers/vllm-api/structured/structured-text";

const SAID = "This is a model.";

/** A validator that shares nothing with the emulator's but the library. */
function isSatisfied(schema: object, value: unknown): boolean {
  const isOld = JSON.stringify(schema).includes('"items":[');
  const ajv = new (isOld ? Ajv : Ajv2020)({
    strict: false,
    multipleOfPrecision: 9,
    validateSchema: false,
  });
  addFormats(ajv);
  return ajv.validate(schema, value);
}

const string = (rules: object) => ({ type: "string", ...rules });
const object = (properties: object, rules: object = { additionalProperties: false }) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  ...rules,
});
const TREE = {
  $defs: {
    node: {
      type: "object",
      properties: {
        name: { type: "string" },
        next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
      },
      required: ["name", "next"],
    },
  },
  $ref: "#/$defs/node",
};

test.each([
  string({ pattern: "^[A-Z]{2,3}-\\d{4}$" }),
  string({ pattern: "^(cat|dog)s?$" }),
  string({ pattern: "\\d+ (USD|EUR)" }),
  string({ pattern: "^[^\\s@]+@[^\\s@]+\\.com$" }),
  string({ pattern: "^\\+?[1-9]\\d{1,14}$" }),
  string({ pattern: "^[a-z]+$", minLength: 8, maxLength: 8 }),
  string({ pattern: "^([a-z]{3})+$", minLength: 7, maxLength: 9 }),
  string({ pattern: "needle", minLength: 40 }),
  string({ pattern: "^\\p{Lu}\\p{Ll}+$" }),
  string({ pattern: "^[\\u4e00-\\u9fff]{2}$" }),
  string({ pattern: "^#[0-9a-fA-F]{6}$" }),
  string({ pattern: "^(?<year>\\d{4})\\/(?:0[1-9]|1[0-2])$" }),
  string({ format: "email", maxLength: 8 }),
  string({ format: "email", pattern: "@corp\\.com$" }),
  string({ minLength: 60 }),
  string({ maxLength: 3 }),
  string({ minLength: 0, maxLength: 0 }),
  ...["date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"].map(
    (format) => string({ format }),
  ),
  ...["uri", "uri-reference", "uri-template", "json-pointer", "relative-json-pointer"].map(
    (format) => string({ format }),
  ),
  { type: "integer", minimum: 18, maximum: 120 },
  { type: "integer", maximum: -5 },
  { type: "integer", exclusiveMinimum: 4, exclusiveMaximum: 6 },
  { type: "integer", minimum: 7, multipleOf: 5 },
  { type: "integer", maximum: -7, multipleOf: 5 },
  { type: "number", minimum: 0.2, maximum: 0.8 },
  { type: "number", exclusiveMinimum: 0, maximum: 1 },
  { type: "number", minimum: 0.3, multipleOf: 0.1 },
  { type: "number", exclusiveMaximum: 0 },
  { enum: ["red", 3, null] },
  { const: { a: [1] } },
  { type: ["string", "null"], maxLength: 2 },
  { type: "array", items: { type: "integer" }, minItems: 3, maxItems: 4 },
  { type: "array", items: string({ pattern: "^a$" }), maxItems: 0 },
  {
    type: "array",
    prefixItems: [{ type: "string" }, { type: "number" }],
    items: false,
    minItems: 2,
  },
  { type: "array", items: [{ type: "string" }, { type: "boolean" }], additionalItems: false },
  object({ a: { $ref: "#/$defs/a" } }, { $defs: { a: { enum: ["x"] } } }),
  object({ a: { type: "object", additionalProperties: { type: "integer" } } }),
  { type: "object", patternProperties: { "^k\\d$": { type: "boolean" } }, minProperties: 2 },
  { type: "object", additionalProperties: { type: "string" }, minProperties: 3 },
  { type: "object", properties: { a: {}, b: {}, c: {} }, required: ["c"], maxProperties: 2 },
  { type: "object", required: ["a", "__proto__"] },
  { anyOf: [object({ kind: { const: "a" } }), object({ kind: { const: "b" } })] },
  { oneOf: [{ type: "integer" }, { type: "number", minimum: 0.5, maximum: 0.6 }] },
  { oneOf: [{ type: "number" }, { type: "integer" }] },
  {
    allOf: [
      { type: "string", minLength: 3 },
      { maxLength: 5, pattern: "^z+$" },
    ],
  },
  {
    allOf: [object({ a: { type: "integer" } }, {}), object({ a: { minimum: 5 } }, {})],
  },
  {
    type: "object",
    properties: { a: { $ref: "#/$defs/n", minimum: 9 } },
    $defs: { n: { type: "integer" } },
  },
  { type: "integer", not: { const: 0 }, minimum: 0, maximum: 3 },
  {
    type: "object",
    properties: { country: { enum: ["US", "NL"] }, zip: { type: "string" } },
    required: ["country", "zip"],
    if: { properties: { country: { const: "NL" } } },
    else: { properties: { zip: { pattern: "^\\d{5}$" } } },
  },
  {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: { a: { type: "null" } },
    $ref: "#/definitions/a",
  },
  {
    properties: { "a/b": { $ref: "#/$defs/x~1y" } },
    required: ["a/b"],
    $defs: { "x/y": { const: 1 } },
  },
  TREE,
])("an answer satisfies %j", (schema) => {
  expect(isSatisfied(schema, JSON.parse(jsonText(schema, SAID)))).toBe(true);
});

test("an answer has the optional fields, and the canned answer where any string will do", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "array", items: {} } },
  };
  expect(JSON.parse(jsonText(schema, SAID))).toEqual({ a: SAID, b: [{}] });
});

test.each([
  [{ type: "strin" }, "Invalid type: strin"],
  [{ type: 5 }, "type must be a string or array of strings"],
  [{ type: "object", properties: [] }, "properties must be an object"],
  [{ type: "string", minLength: -1 }, "Expected positive integer for 'minLength', got -1"],
  [{ type: "integer", minimum: "1" }, "Expected f64 for 'minimum', got \"1\""],
  [{ enum: "a" }, "enum must be an array"],
  [
    { type: "integer", minimum: 5, maximum: 3 },
    "Unsatisfiable schema: minimum (5) is greater than maximum (3)",
  ],
  [
    { items: { type: "string", minLength: 3, maxLength: 2 } },
    "Unsatisfiable schema: minLength (3) is greater than maxLength (2)",
  ],
  [{ $ref: "#/$defs/none" }, "Pointer '/$defs/none' does not exist"],
  [
    { type: "array", items: { type: "string" }, uniqueItems: true },
    'Unimplemented keys: ["uniqueItems"]',
  ],
  [{ type: "object", propertyNames: { pattern: "^a" } }, 'Unimplemented keys: ["propertyNames"]'],
  [
    { type: "object", properties: { a: { type: "string", format: "password" } } },
    "Unknown format: password",
  ],
  [
    { type: "string", pattern: "^(?!a)b$" },
    "look-around, including look-ahead and look-behind, is not supported",
  ],
  [{ type: "string", pattern: "(a)\\1" }, "backreferences are not supported"],
])("vLLM refuses %j", (schema, message) => {
  expect(() => jsonText(schema, SAID)).toThrow(`Grammar error: ${message}`);
});

test.each([
  { $ref: "#" },
  { type: "array", minItems: 1e9, items: { type: "string", minLength: 1e9 } },
  { properties: { a: { $ref: "#" }, b: { $ref: "#" } }, required: ["a", "b"] },
  { type: "string", pattern: `${"(".repeat(40)}a${"){1000}".repeat(40)}` },
  { type: "object", properties: { a: false }, required: ["a"] },
])("a schema without a short value is refused: %j", (schema) => {
  expect(() => jsonText(schema, SAID)).toThrow(/finds no value|Grammar error/);
});

test("a pattern that is slow elsewhere is matched in linear time", () => {
  const schema = string({ pattern: "^(a+)+$", minLength: 200 });
  expect(jsonText(schema, SAID)).toHaveLength(202);
});
