import v1 from "@runpod-stack/provider/openapi/v1.json";
import v2 from "@runpod-stack/provider/openapi/v2.json";
import Ajv2020, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { ApiError } from "./problem";

export type ApiVersion = "v1" | "v2";

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, unknown>;
}

const DOCUMENTS = { v1, v2 } as const;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
for (const [name, document] of Object.entries(DOCUMENTS)) {
  ajv.addSchema(document, name, undefined, false);
}
const compiled = new Map<string, ValidateFunction>();

/** @throws 422 (v1: 400) that lists every violation, if the body does not fit `schema` of RunPod's description. */
export function checkBody(version: ApiVersion, schema: string, body: unknown): void {
  const key = `${version}#/components/schemas/${schema}`;
  let validate = compiled.get(key);
  if (!validate) {
    validate = ajv.compile({ $ref: key });
    compiled.set(key, validate);
  }
  if (!validate(body)) {
    const errors = describe(validate.errors ?? [], declaredNames(version, schema));
    throw new ApiError(version === "v2" ? 422 : 400, "Request validation failed.", errors);
  }
}

/** Which methods RunPod's description has for a path, upper-case; empty if it does not know the path. */
export function describedMethods(version: ApiVersion, path: string): string[] {
  return Object.entries(DOCUMENTS[version].paths)
    .filter(([template]) => pattern(template).test(path))
    .flatMap(([, item]) => Object.keys(item))
    .filter((key) => key !== "parameters")
    .map((method) => method.toUpperCase());
}

function pattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}/?$`);
}

/** In the words of RunPod: `$.gpu: additional properties 'bogus' not allowed`. */
function describe(errors: ErrorObject[], declared: ReadonlySet<string>): string[] {
  const told = errors
    // A branch that fails for another reason makes its properties look unknown.
    .filter(
      ({ instancePath, params }) => instancePath !== "" || !declared.has(unknownName(params) ?? ""),
    )
    // Only says that one of the errors beside it came from a condition.
    .filter(({ keyword }) => keyword !== "if")
    .map(({ instancePath, message, params }) => {
      const place = `$${instancePath.replaceAll("/", ".")}`;
      const unknown = unknownName(params);
      return unknown === undefined
        ? `${place}: ${message ?? "invalid"}`
        : `${place}: additional properties '${unknown}' not allowed`;
    });
  return [...new Set(told)];
}

function unknownName(params: Record<string, unknown>): string | undefined {
  const name = params["unevaluatedProperty"] ?? params["additionalProperty"];
  return typeof name === "string" ? name : undefined;
}

function declaredNames(version: ApiVersion, name: string): Set<string> {
  const schemas = DOCUMENTS[version].components.schemas as Record<string, Schema>;
  const collect = (schema: Schema | undefined): string[] =>
    schema === undefined
      ? []
      : [
          ...Object.keys(schema.properties ?? {}),
          ...(schema.allOf ?? []).flatMap(collect),
          ...collect(schemas[schema.$ref?.split("/").at(-1) ?? ""]),
        ];
  return new Set(collect(schemas[name]));
}
