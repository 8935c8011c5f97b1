// Updates the bundled prices from RunPod's catalog, with `runpod-stack prices`.
// usage: node tools/prices.mts [FILE] (after a build, with RUNPOD_API_KEY set)
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Reading {
  readonly origin: string;
  readonly date: string;
  readonly gpus: readonly {
    readonly id: string;
    readonly displayName: string;
    readonly memoryGb: number;
    readonly secure: number | null;
    readonly community: number | null;
    readonly change: "price" | "new" | "gone" | null;
  }[];
}

const root = path.join(import.meta.dirname, "..");
const [file = path.join(root, "models/src/data/gpus.json")] = process.argv.slice(2);
const command = path.join(root, "provider/bin/runpod-stack.js");

const printed = execFileSync(process.execPath, [command, "prices", "--json"], {
  encoding: "utf8",
});
const reading = JSON.parse(printed) as Reading;
const table = JSON.parse(readFileSync(file, "utf8"));

const source = [`${reading.origin}/v2/catalog/gpus, read on ${reading.date}`];
// The catalog lists some ids with doubled spaces.
const current = new Map(reading.gpus.map((gpu) => [gpu.id.replace(/\s+/g, " "), gpu]));
for (const row of table.gpus) {
  const found = current.get(row.id);
  if (found === undefined || found.change === "gone") {
    continue;
  }
  const { secure: securePrice, community: communityPrice } = found;
  Object.assign(row, { securePrice, communityPrice, priceDate: reading.date, source });
}
table.date = reading.date;
writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);

for (const { id, displayName, memoryGb, secure, community, change } of reading.gpus) {
  if (change === "gone") {
    console.log(`${id}: not in the catalog, not changed`);
  }
  if (change === "new") {
    // The catalog lacks the architecture, by which images and GPUs are matched.
    const prices = `secure ${secure}, community ${community}`;
    console.log(`${id}: to be added by hand (${displayName}, ${memoryGb} GB, ${prices})`);
  }
}
