import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { publicEntries } from "../../../../tools/release/entries.mts";

test("An installed package's entries are its exports, each file of a pattern by itself", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "entries-"));
  const exports = {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./testing": { types: "./dist/testing.d.ts", default: "./dist/testing.js" },
    "./data/*.json": "./dist/data/*.json",
    "./package.json": "./package.json",
  };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ exports }));
  mkdirSync(path.join(folder, "dist/data"), { recursive: true });
  for (const file of ["a.json", "b.json", "c.js"]) {
    writeFileSync(path.join(folder, "dist/data", file), "");
  }
  expect(publicEntries("@x/y", folder)).toEqual([
    "@x/y",
    "@x/y/testing",
    "@x/y/data/a.json",
    "@x/y/data/b.json",
    "@x/y/package.json",
  ]);
  rmSync(folder, { recursive: true });
});
