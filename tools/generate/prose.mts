type Json = Record<string, unknown>;

const PROSE = new Set([
  "contact",
  "description",
  "example",
  "examples",
  "externalDocs",
  "summary",
  "x-codeSamples",
  "x-inferred",
  "x-semantics",
]);

/** Keys whose children have names chosen by the author: there, "description" is a field. */
const MAPS = new Set(["definitions", "paths", "properties", "schemas"]);

/** An OpenAPI description reduced to its structure and the date of its snapshot. */
export function withoutProse(description: Json): Json {
  const kept = strip(description, false) as { info?: Json };
  const snapshot = /\d{4}-\d{2}-\d{2}/.exec(String(kept.info?.["x-snapshot"] ?? ""))?.[0];
  if (snapshot === undefined) {
    return kept;
  }
  return { ...kept, info: { ...kept.info, "x-snapshot": snapshot } };
}

function strip(node: unknown, areNames: boolean): unknown {
  if (Array.isArray(node)) {
    return node.map((item) => strip(item, false));
  }
  if (node === null || typeof node !== "object") {
    return node;
  }
  const kept = Object.entries(node).filter(([key]) => areNames || !PROSE.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, strip(value, !areNames && MAPS.has(key))]),
  );
}
