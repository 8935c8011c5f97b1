// Writes the table of docs/coverage.md: what RunPod Stack does with each operation of REST v2, from
// RunPod's description and tools/generate/coverage.json.
// usage: node tools/generate/coverage-docs.mts
import { readFileSync } from "node:fs";
import path from "node:path";
import coverage from "./coverage.json" with { type: "json" };
import { operationsOf } from "./operations.mts";
import { writePart } from "./part.mts";

const root = path.join(import.meta.dirname, "../..");
const file = path.join(root, "docs/coverage.md");

const published = path.join(root, "openapi/src/published/v2.json");
const operations = new Map(
  operationsOf(JSON.parse(readFileSync(published, "utf8"))).map((operation) => [
    operation.id,
    operation,
  ]),
);
const rows = coverage.flatMap(({ as, by, operations: ids }) =>
  ids.map((id) => {
    const operation = operations.get(id);
    if (operation === undefined) {
      throw new Error(`the description has no operation ${id}`);
    }
    const note = operation.isPublished ? "" : " (inferred)";
    return `| \`${operation.call}\`${note} | ${as} | ${by} |`;
  }),
);
const table = ["| operation | kind | where or why |", "| --- | --- | --- |", ...rows].join("\n");
writePart(file, "operations", table);
