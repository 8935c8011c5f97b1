// Writes the table of scenarios in docs/reliability.md, from the titles of the tests in tests/e2e/pulumi: a `describe` is a scenario, its tests are what happens.
// usage: node tools/generate/scenario-docs.mts
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { writePart } from "./part.mts";

const root = path.join(import.meta.dirname, "../..");
const folder = "tests/e2e/pulumi";
const file = path.join(root, "docs/reliability.md");

const rows = readdirSync(path.join(root, folder))
  .filter((name) => name.endsWith(".test.ts"))
  .sort()
  .flatMap((name) =>
    scenarios(path.join(root, folder, name)).map(
      ([scenario, outcome]) => `| ${scenario} | ${outcome} | \`${folder}/${name}\` |`,
    ),
  );
const table = ["| scenario | what happens | test |", "| --- | --- | --- |", ...rows].join("\n");
writePart(file, "scenarios", table);

/** Pairs of a scenario's title and a test's, in the order of the file. */
function scenarios(test: string): [string, string][] {
  const source = ts.createSourceFile(test, readFileSync(test, "utf8"), ts.ScriptTarget.Latest);
  const found: [string, string][] = [];
  const visit = (node: ts.Node, scenario: string | undefined): void => {
    const title = titleOf(node);
    if (title?.of === "test") {
      if (scenario === undefined) {
        throw new Error(`${test}: "${title.text}" is in no describe`);
      }
      found.push([cell(scenario), cell(title.text)]);
      return;
    }
    const inner = title === undefined ? scenario : title.text;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, undefined);
  return found;
}

/** The title of a call such as `test("…", …)` or `describe.each([…])("…", …)`. */
function titleOf(node: ts.Node): { of: "describe" | "test"; text: string } | undefined {
  if (!ts.isCallExpression(node)) {
    return undefined;
  }
  const [title] = node.arguments;
  if (title === undefined || !ts.isStringLiteralLike(title)) {
    return undefined;
  }
  let callee: ts.Expression = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
    callee = callee.expression;
  }
  const name = ts.isIdentifier(callee) ? callee.text : "";
  return name === "describe" || name === "test" ? { of: name, text: title.text } : undefined;
}

/** Placeholders for a table of cases are left out. */
function cell(title: string): string {
  return title.replaceAll(/:? ?%s/g, "").replaceAll("|", "\\|");
}
