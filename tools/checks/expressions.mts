// Prints what is wrong with the regular expressions of the packages.
// usage: node tools/checks/expressions.mts
import { readFileSync } from "node:fs";
import path from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";
import { repositoryFiles, root } from "./files.mts";

/** A regular expression of the sources. */
interface Expression {
  /** As file:line. */
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** Expressions that are only known at run time, by file, and their origin. */
const MADE_AT_RUN_TIME: Readonly<Record<string, string>> = {
  "kit/src/printable.ts": "its own parts, of which no two repeat the same characters",
  "provider/src/schema/pod-endpoint.ts": "the program's own expectBody",
  "provider/src/schema/values.ts": "the program's own expectation",
  "provider/src/handlers/lifecycle/search.ts": "the program's own expectation",
  "emulator/src/http/faults.ts": "the path of whoever injects a fault into their own emulator",
  "emulator/src/http/validation.ts": "the paths of the API's description",
};

/**
 * Regular expressions that take more than linear time for some input: strangers write what the
 * packages read. One without unbounded repetition is linear, and is skipped.
 */
function slowExpressions(): string[] {
  const { found, problems } = expressions();
  const verdicts = new Map<string, string>();
  for (const { place, source, flags } of found) {
    const text = `/${source}/${flags}`;
    const verdict = verdicts.get(text) ?? verdictOn(source, flags);
    verdicts.set(text, verdict);
    if (verdict !== "") {
      problems.push(`${place} ${text} ${verdict}. ${REMEDY}`);
    }
  }
  return problems;
}

/** What is wrong with an expression; "" if it is linear. */
function verdictOn(source: string, flags: string): string {
  if (!repeatsWithoutBound(source)) {
    return "";
  }
  // recheck does not know the flag d, which only adds the positions of groups.
  const judged = checkSync(source, flags.replace("d", ""), { timeout: 120_000 });
  if (judged.status === "safe") {
    return "";
  }
  return judged.status === "vulnerable"
    ? `takes ${judged.complexity.summary} time, for example for ${judged.attack.pattern}`
    : `cannot be judged (${judged.error.kind})`;
}

const REMEDY =
  "Bound what it repeats ({1,99} for +), let no two repeated parts match the same text, or use indexOf and split.";

/** Whether anything is repeated without bound, or repetitions are nested. */
function repeatsWithoutBound(source: string): boolean {
  const structure = source.replace(/\\./gs, "x").replace(/\[[^\]]*\]/g, "x");
  return /[*+]|\{\d+,\}/.test(structure) || /\{\d[^()]*\)\{\d/.test(structure);
}

/** All regular expressions of the packages' sources; a problem for each that cannot be read. */
function expressions(): { found: Expression[]; problems: string[] } {
  const found: Expression[] = [];
  const problems: string[] = [];
  for (const file of repositoryFiles(":(glob)*/src/**/*.ts")) {
    const text = readFileSync(path.join(root, file), "utf8");
    const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const constants = constantsOf(parsed);
    const visit = (node: ts.Node): void => {
      const place = `${file}:${parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        found.push({ place, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      } else if (ts.isNewExpression(node) && node.expression.getText() === "RegExp") {
        const [source, flags = ""] = (node.arguments ?? []).map((part) => constants(part));
        if (source !== undefined) {
          found.push({ place, source, flags });
        } else if (!Object.hasOwn(MADE_AT_RUN_TIME, file)) {
          problems.push(
            `${place} makes a regular expression at run time. Use constants of this file, or list the file with a reason in tools/checks/expressions.mts.`,
          );
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(parsed);
  }
  return { found, problems };
}

/** The value of an expression of constants of the same file; undefined for any other. */
function constantsOf(file: ts.SourceFile): (node: ts.Node) => string | undefined {
  const declared = new Map<string, ts.Expression>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) {
      continue;
    }
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer) {
        declared.set(name.text, initializer);
      }
    }
  }
  return function textOf(node: ts.Node): string | undefined {
    if (ts.isIdentifier(node)) {
      const constant = declared.get(node.text);
      return constant && textOf(constant);
    }
    if (ts.isStringLiteralLike(node)) {
      return node.text;
    }
    if (ts.isTemplateExpression(node)) {
      return filled(node, (part) => part.text);
    }
    if (!ts.isTaggedTemplateExpression(node) || node.tag.getText() !== "String.raw") {
      return undefined;
    }
    const { template } = node;
    if (ts.isTemplateExpression(template)) {
      return filled(template, (part) => part.rawText);
    }
    return template.rawText;

    function filled(
      { head, templateSpans }: ts.TemplateExpression,
      read: (part: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail) => string | undefined,
    ): string | undefined {
      const parts = templateSpans.map(({ expression, literal }) => {
        const value = textOf(expression);
        return value === undefined ? undefined : value + read(literal);
      });
      return parts.includes(undefined) ? undefined : read(head) + parts.join("");
    }
  };
}

const slow = slowExpressions();
console.log(slow.join("\n"));
process.exitCode = slow.length > 0 ? 1 : 0;
