// Vendors RunPod's OpenAPI descriptions: structure only, without their prose and samples.
// usage: node tools/generate/vendor.mts v1=<file> v2=<file>
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withoutProse } from "./prose.mts";

const folder = path.join(import.meta.dirname, "../../openapi/src/published");
for (const argument of process.argv.slice(2)) {
  const [version, source] = argument.split("=");
  if (!version || !source) throw new Error(`expected version=file, got "${argument}"`);
  const description = withoutProse(JSON.parse(readFileSync(source, "utf8")));
  writeFileSync(path.join(folder, `${version}.json`), `${JSON.stringify(description, null, 2)}\n`);
}
