// Writes the measured tables into docs/performance.md, each between its markers.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { markdown, type Table } from "./table.mts";

const FILE = path.join(import.meta.dirname, "../../docs/performance.md");

/** @param name of the measurement, as in its markers */
export function writeTables(name: string, tables: readonly Table[], pulumiVersion: string): void {
  const text = readFileSync(FILE, "utf8");
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`docs/performance.md has no ${begin} … ${end}`);
  }
  const facts = factsOf(name, pulumiVersion);
  const block = [begin, ...tables.map(markdown), facts, end].join("\n\n");
  writeFileSync(FILE, text.slice(0, from) + block + text.slice(to + end.length));
}

function factsOf(name: string, pulumiVersion: string): string {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"})`;
  return `\`npm run bench -- --only ${name}\`, ${date}: ${machine}, Node ${process.versions.node}, Pulumi ${pulumiVersion}.`;
}
