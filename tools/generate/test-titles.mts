import { readFileSync } from "node:fs";
import ts from "typescript";

/** A test by its title, and the title of the `describe` that it is in. */
export interface Titles {
  readonly scenario: string | undefined;
  readonly test: string;
}

/** The tests of a file, in its order. */
export function titlesOf(file: string): Titles[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const found: Titles[] = [];
  const visit = (node: ts.Node, scenario: string | undefined): void => {
    const title = titleOf(node);
    if (title?.of === "test") {
      found.push({ scenario, test: title.text });
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
