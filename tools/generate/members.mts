// Reads the documented members of the provider's interfaces and classes, in the order of the source.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

export interface Member {
  readonly name: string;
  readonly text: string;
  readonly byDefault: string | undefined;
  readonly type: string;
}

const source = path.join(import.meta.dirname, "../../provider/src");

/** The files of the inputs that several resources share. */
const SHARED: Readonly<Record<string, string>> = {
  ContainerInputs: "schema/container.ts",
  LabelInputs: "schema/labels.ts",
};

/** The members of an interface or class; none if the file does not declare it. */
export function membersOf(file: string, name: string): Member[] {
  const text = readFileSync(path.join(source, file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = tree.statements.filter(
    (statement): statement is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name?.text === name,
  );
  const inherited = found
    .flatMap(({ heritageClauses = [] }) => [...heritageClauses])
    .flatMap(({ types }) => types.map(({ expression }) => expression.getText(tree)))
    .flatMap((base) => (SHARED[base] === undefined ? [] : membersOf(SHARED[base], base)));
  const own = found
    .flatMap(({ members }) => [...(members as ts.NodeArray<ts.Node>)])
    .flatMap((member) => {
      if (!isDocumented(member)) {
        return [];
      }
      const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
      const byDefault = ts.getJSDocTags(member).find((tag) => tag.tagName.text === "default");
      return [
        {
          name: (member.name as ts.Identifier).text,
          text: oneLine(ts.getTextOfJSDocComment(comment?.comment)),
          byDefault: byDefault && oneLine(ts.getTextOfJSDocComment(byDefault.comment)),
          type: oneLine(member.type?.getText(tree))
            .replace(/^pulumi\.Output<(.*)>$/, "$1")
            .replaceAll("|", "\\|"),
        },
      ];
    });
  return [...own, ...inherited];
}

function isDocumented(
  member: ts.Node,
): member is ts.PropertySignature | ts.PropertyDeclaration | ts.GetAccessorDeclaration {
  const isMember =
    ts.isPropertySignature(member) ||
    ts.isPropertyDeclaration(member) ||
    ts.isGetAccessorDeclaration(member);
  const isStatic =
    ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  return isMember && !isStatic && ts.getJSDocCommentsAndTags(member).length > 0;
}

function oneLine(text: string | undefined): string {
  return (text ?? "").replaceAll(/\s+/g, " ").trim();
}
