import { type OpenApiDocument, v1Document, v2Document } from "@runpod-stack/openapi";
import Ajv2020, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { ApiError } from "../core/problem";

export type ApiVersion = "v1" | "v2";

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, unknown>;
}

interface Contract {
  document: OpenApiDocument;
  ajv: Ajv2020;
  validators: Map<string, ValidateFunction>;
}

const contracts = new Map<ApiVersion, Contract>();

/** @throws 422 (v1: 400) that lists every violation, if the body does not match `schema` of RunPod's description. */
export function checkBody(version: ApiVersion, schema: string, body: unknown): void {
  const contract = contractOf(version);
  const validate = validatorOf(contract, schema);
  if (!validate(body)) {
    const errors = describe(validate.errors ?? [], declaredNames(contract, schema));
    throw new ApiError(version === "v2" ? 422 : 400, "Request validation failed.", errors);
  }
}

/** The methods that RunPod's description has for a path, in uppercase; empty for an unknown path. */
export function describedMethods(version: ApiVersion, path: string): string[] {
  return Object.entries(contractOf(version).document.paths)
    .filter(([template]) => pattern(template).test(path))
    .flatMap(([, item]) => Object.keys(item))
    .filter((key) => key !== "parameters")
    .map((method) => method.toUpperCase());
}

/** Compiled when first needed, so that the emulator starts quickly. */
function contractOf(version: ApiVersion): Contract {
  let contract = contracts.get(version);
  if (!contract) {
    const document = version === "v1" ? v1Document() : v2Document();
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(ajv);
    ajv.addSchema(document, "api", undefined, false);
    contract = { document, ajv, validators: new Map() };
    contracts.set(version, contract);
  }
  return contract;
}

function validatorOf({ ajv, validators }: Contract, schema: string): ValidateFunction {
  let validate = validators.get(schema);
  if (!validate) {
    validate = ajv.compile({ $ref: `api#/components/schemas/${schema}` });
    validators.set(schema, validate);
  }
  return validate;
}

function pattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{[^{}]+\}/g, "[^/]+")}/?$`);
}

/** As RunPod words it: `$.gpu: additional properties 'bogus' not allowed`. */
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

/** A schema's top-level properties, whether its own or those of schemas that it includes. */
function declaredNames({ document }: Contract, name: string): Set<string> {
  const collect = (schema: Schema = {}): string[] => [
    ...Object.keys(schema.properties ?? {}),
    ...(schema.allOf ?? []).flatMap(collect),
    ...(schema.$ref
      ? collect(document.components.schemas[schema.$ref.split("/").at(-1) ?? ""])
      : []),
  ];
  return new Set(collect(document.components.schemas[name]));
}
