// Takes in an OpenAPI description of RunPod's: structure only, without its prose and samples. Shows
// what is new in it and what is gone; `npm run generate` then makes the types and tables from it.
// usage: node tools/generate/vendor.mts FILE
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "./document.mts";
import { operationsOf, versionOf } from "./operations.mts";
import { withoutProse } from "./prose.mts";

const FOLDER = path.join(import.meta.dirname, "../../openapi/src/published");

const [source, ...rest] = process.argv.slice(2);
if (source === undefined || rest.length > 0) {
  console.error("usage: npm run vendor -- FILE");
  process.exit(2);
}

const description = withoutProse(read(source));
const version = versionOf(description);
const target = path.join(FOLDER, `${version}.json`);
const before = existsSync(target) ? operationsOf(read(target)) : [];
const after = operationsOf(description);
writeFileSync(target, `${JSON.stringify(description, null, 2)}\n`);

console.log(`REST ${version}: ${after.length} operations.`);
show("New", without(after, before));
show("Gone", without(before, after));
console.log("Run `npm run generate`, and classify new operations in tools/generate/coverage.json.");

function read(file: string): Json {
  return JSON.parse(readFileSync(file, "utf8"));
}

function without(operations: typeof after, others: typeof after): string[] {
  const known = new Set(others.map(({ call }) => call));
  return operations.map(({ call }) => call).filter((call) => !known.has(call));
}

function show(title: string, calls: readonly string[]): void {
  if (calls.length > 0) {
    console.log(`${title}:\n${calls.map((call) => `  ${call}`).join("\n")}`);
  }
}
