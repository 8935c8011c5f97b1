// Vendors RunPod's OpenAPI descriptions into provider/src/wire/openapi: structure only, without prose and samples.
// usage: node tools/generate/vendor.mts v1=<file> v2=<file>
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const PROSE = new Set(["description", "summary", "example", "examples", "externalDocs", "x-codeSamples"]);

/** Drops prose wherever it is an annotation, never where it is the name of a property. */
export function stripProse(node: unknown, insideNames = false): unknown {
  if (Array.isArray(node)) return node.map((item) => stripProse(item));
  if (node === null || typeof node !== "object") return node;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (!insideNames && PROSE.has(key)) continue;
    kept[key] = stripProse(value, !insideNames && (key === "properties" || key === "schemas" || key === "paths"));
  }
  return kept;
}

const folder = path.join(import.meta.dirname, "../../provider/src/wire/openapi");
for (const argument of process.argv.slice(2)) {
  const [version, source] = argument.split("=");
  if (!version || !source) throw new Error(`expected version=file, got "${argument}"`);
  const stripped = stripProse(JSON.parse(readFileSync(source, "utf8")));
  writeFileSync(path.join(folder, `${version}.json`), `${JSON.stringify(stripped, null, 2)}\n`);
}
