// Writes policies/src/generated/bodies.json: the fields of RunPod's request bodies and answers, from
// the patched descriptions.
// usage: node tools/generate/body-shapes.mts (after generate.mts)
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Json, schemasOf } from "./document.mts";

const root = path.join(import.meta.dirname, "../..");

/** The schemas of what can be judged, by what it describes. */
const SCHEMAS = {
  v1: {
    pod: "PodCreateInput",
    template: "TemplateCreateInput",
    volume: "NetworkVolumeCreateInput",
    endpoint: "EndpointCreateInput",
    podAnswer: "Pod",
    templateAnswer: "Template",
    volumeAnswer: "NetworkVolume",
    endpointAnswer: "Endpoint",
  },
  v2: {
    pod: "CreatePodRequest",
    template: "CreateTemplateRequest",
    volume: "CreateNetworkVolumeRequest",
    endpoint: "CreateEndpointRequest",
    podAnswer: "Pod",
    templateAnswer: "Template",
    volumeAnswer: "NetworkVolume",
    endpointAnswer: "Endpoint",
  },
};

/** Longer enumerations list what there was on a day: GPU types, data centers, CUDA versions. */
const MOST_WORDS = 3;

const shapes = Object.fromEntries(
  Object.entries(SCHEMAS).map(([version, names]) => {
    const file = path.join(root, `openapi/src/generated/openapi/${version}.json`);
    const schemas = schemasOf(JSON.parse(readFileSync(file, "utf8")));
    const entries = Object.entries(names).map(([what, name]) => [
      what,
      what.endsWith("Answer") ? namesOnly(schemas, name) : shapeOf(schemas[name], schemas),
    ]);
    return [version, Object.fromEntries(entries)];
  }),
);
mkdirSync(path.join(root, "policies/src/generated"), { recursive: true });
writeFileSync(
  path.join(root, "policies/src/generated/bodies.json"),
  `${JSON.stringify(shapes, null, 1)}\n`,
);

/** What RunPod sends needs no checking: its fields are only recognized. */
function namesOnly(schemas: Record<string, Json>, name: string): Json {
  const { fields } = shapeOf(schemas[name], schemas);
  return { fields: Object.fromEntries(Object.keys(fields as Json).map((field) => [field, {}])) };
}

function shapeOf(given: unknown, schemas: Record<string, Json>): Json {
  const schema = flat(given, schemas);
  const { properties, items, additionalProperties, required } = schema;
  const types = [schema["type"] ?? []].flat() as string[];
  const words = schema["enum"] as string[] | undefined;
  const isMap = types.includes("object") && properties === undefined;
  const values = isMap ? (additionalProperties ?? items) : undefined;
  return {
    ...(types.length > 0 && { types: [...types, ...(schema["nullable"] ? ["null"] : [])] }),
    ...(words && words.length <= MOST_WORDS && { words }),
    ...(pick(schema, "minimum") as object),
    ...(pick(schema, "maximum") as object),
    ...(pick(schema, "maxItems") as object),
    ...(Array.isArray(required) && { required }),
    ...(properties !== undefined && {
      fields: Object.fromEntries(
        Object.entries(properties as Json)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, field]) => [name, shapeOf(field, schemas)]),
      ),
    }),
    ...(types.includes("array") && items !== undefined && { items: shapeOf(items, schemas) }),
    ...(values instanceof Object && { values: shapeOf(values, schemas) }),
  };
}

/** A schema with its references and compositions filled in. */
function flat(schema: unknown, schemas: Record<string, Json>): Json {
  const { $ref, allOf = [], ...own } = schema as Json;
  const parts = [$ref === undefined ? [] : schemas[String($ref).split("/").at(-1) ?? ""], allOf];
  const merged: Json = {};
  for (const part of [...parts.flat().map((one) => flat(one, schemas)), own]) {
    const properties = { ...(merged["properties"] as Json), ...(part["properties"] as Json) };
    const required = [merged["required"] ?? [], part["required"] ?? []].flat();
    Object.assign(merged, part);
    if (Object.keys(properties).length > 0) {
      Object.assign(merged, { properties });
    }
    if (required.length > 0) {
      Object.assign(merged, { required });
    }
  }
  return merged;
}

function pick(schema: Json, key: string): Json {
  return schema[key] === undefined ? {} : { [key]: schema[key] };
}
