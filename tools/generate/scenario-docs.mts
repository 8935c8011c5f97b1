// Writes the tables of scenarios in docs/reliability.md: what happens under Pulumi's commands, from the titles of the tests in tests/e2e/pulumi (a `describe` is a scenario, its tests are what happens), and by what test each kind of resource is proven in each scenario.
// usage: node tools/generate/scenario-docs.mts (after a build)
import { readdirSync } from "node:fs";
import path from "node:path";
import { kindTable } from "./kind-table.mts";
import { writePart } from "./part.mts";
import { titlesOf } from "./test-titles.mts";

const root = path.join(import.meta.dirname, "../..");
const folder = "tests/e2e/pulumi";
const file = path.join(root, "docs/reliability.md");

const rows = readdirSync(path.join(root, folder))
  .filter((name) => name.endsWith(".test.ts"))
  .sort()
  .flatMap((name) =>
    titlesOf(path.join(root, folder, name)).map(({ scenario, test }) => {
      if (scenario === undefined) {
        throw new Error(`${name}: "${test}" is in no describe`);
      }
      return `| ${cell(scenario)} | ${cell(test)} | \`${folder}/${name}\` |`;
    }),
  );
const table = ["| scenario | what happens | test |", "| --- | --- | --- |", ...rows].join("\n");
writePart(file, "scenarios", table);
writePart(file, "kinds", kindTable(root));

/** Placeholders for a table of cases are left out. */
function cell(title: string): string {
  return title.replaceAll(/:? ?%s/g, "").replaceAll("|", "\\|");
}
