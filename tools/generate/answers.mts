import { type Json, reachableSchemas, schemasOf } from "./document.mts";

/** The fields without which an answer is useless. */
const ESSENTIAL = new Set(["id", "name", "status", "templates", "gpus", "dataCenters"]);

const CONSTRAINTS = new Set([
  "default",
  "enum",
  "format",
  "maxItems",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
]);

/**
 * The description for checking answers: types, and little else. A newer server may have other
 * statuses, and a documented field may be missing; neither may hide a pod from the user.
 */
export function tolerant(document: Json): Json {
  return relax(document, false) as Json;
}

/** Enumerations that only answers use, so that a server may add to them. */
export function openEnumerations(
  document: Json,
  answers: readonly string[],
  requests: readonly string[],
): Set<string> {
  const asked = reachableSchemas(document, requests);
  const schemas = schemasOf(document);
  const open = [...reachableSchemas(document, answers)].filter(
    (name) => !asked.has(name) && schemas[name]?.["enum"],
  );
  return new Set(open);
}

function relax(node: unknown, areNames: boolean): unknown {
  if (Array.isArray(node)) {
    return node.map((item) => relax(item, false));
  }
  if (node === "integer") {
    return "number";
  }
  if (node === null || typeof node !== "object") {
    return node;
  }
  const relaxed: Json = {};
  for (const [key, value] of Object.entries(node)) {
    if (!areNames && CONSTRAINTS.has(key)) {
      continue;
    }
    if (!areNames && key === "required") {
      relaxed[key] = essential(value);
    } else {
      relaxed[key] = relax(value, !areNames && (key === "properties" || key === "schemas"));
    }
  }
  return relaxed;
}

function essential(required: readonly string[]): string[] {
  return required.filter((name) => ESSENTIAL.has(name));
}
