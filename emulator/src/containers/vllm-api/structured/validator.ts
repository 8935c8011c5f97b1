import Ajv, { type Options } from "ajv";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { isObject } from "../../values";
import { compilePattern } from "./sample-pattern";

/** Decides whether a value satisfies a schema; one that cannot be compiled allows nothing. */
export function schemaValidator(schema: unknown): (value: unknown) => boolean {
  const ajv = hasTuples(schema) ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  addFormats(ajv);
  try {
    const { $schema: _, ...rest } = isObject(schema) ? schema : {};
    const validate = ajv.compile(isObject(schema) ? rest : schema === true);
    return (value) => validate(value) as boolean;
  } catch {
    return () => false;
  }
}

/** `items` as a list, as until draft 2019-09. */
function hasTuples(schema: unknown): boolean {
  return (
    typeof schema === "object" &&
    schema !== null &&
    (Array.isArray((schema as { items?: unknown }).items) || Object.values(schema).some(hasTuples))
  );
}

/** Patterns are matched in linear time. The key distinguishes them in compiled code. */
const linear = Object.assign(
  (pattern: string) => ({ ...compilePattern(pattern), toString: () => pattern }),
  { code: "linear" },
);

const OPTIONS: Options = {
  strict: false,
  validateSchema: false,
  logger: false,
  multipleOfPrecision: 9,
  code: { regExp: linear },
};
