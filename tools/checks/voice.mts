import { readFileSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import ts from "typescript";
import { repositoryFiles, root } from "./files.mts";

/** Prose of a file: a string, a comment or a paragraph. */
interface Passage {
  readonly line: number;
  readonly text: string;
}

/** Words that a reader in a hurry stumbles over, and what to write instead. */
const PLAINER: readonly (readonly [words: RegExp, instead: string])[] = [
  [/\b(?:(?<!cannot )tell|tells|telling|told|said(?!:))\b/i, "report, show or print"],
  [/\bbesides?\b/i, "in addition to, next to or also"],
  [/\banew\b/i, "again or recreate"],
  [/\bto be (?:had|found)\b/i, "available or exists"],
  [
    /\b(?:a|the) text\b(?! completion)|\btexts\b/i,
    "a string, the message or another name of what it is",
  ],
  [/\bso (?:many|much|long)\b/i, "that many, or a number or duration"],
  [/\bat once\b/i, "immediately or together"],
  [/\bdear(?:er|est)?\b/i, "expensive"],
  [/\breckon(?:ed|ing|s)?\b/i, "estimate or calculate"],
  [/\blaid bare\b/i, "unwrapped"],
  [/\bof (?:its|their|one's|your|our) own\b/i, "its own, their own or separate"],
  [/\b(?:a|the) look\b/i, "check or lookup"],
  [/\bas (?:far|long) as\b[^.]*\bas (?:far|long) as\b/i, "one of them, or two sentences"],
  [/\btwins?\b/i, "duplicate"],
  [/\bbearers?\b(?! token)/, "the object with the creation token"],
];

/** Release notes of old versions, and files that others wrote. */
const NOT_OURS = /(?:^|\/)CHANGELOG\.md$|\/src\/(?:generated|published)\//;

/** In tests only titles and comments are read: their strings imitate what others write. */
const TESTS = "tests/";

/** In comments: the margin of a block, code, and paths. */
const NOT_PROSE = /^\s*\*(?!\/)|^\s*\/\/|`[^`]*`|[\w.-]+\/[\w./-]+/gm;

/** Words of messages, comments and pages for which there are plainer ones. */
export function hardWords(): string[] {
  return repositoryFiles("*.ts", "*.mts", "*.js", "*.cjs", "*.mjs", "*.md")
    .filter((file) => !NOT_OURS.test(file))
    .flatMap((file) => hardWordsIn(file, readFileSync(path.join(root, file), "utf8")));
}

/** The same of one file's contents. */
export function hardWordsIn(file: string, contents: string): string[] {
  const passages = file.endsWith(".md") ? paragraphs(contents) : proseOfSource(file, contents);
  return passages.flatMap(({ line, text }) =>
    PLAINER.flatMap(([words, instead]) => {
      const found = words.exec(text);
      return found ? [`${file}:${line} has "${found[0]}". Write ${instead}.`] : [];
    }),
  );
}

/** A page's paragraphs, headings and cells without their code. */
function paragraphs(page: string): Passage[] {
  let line = 1;
  return new MarkdownIt({ html: true }).parse(page, {}).flatMap(({ map, children }) => {
    if (map) {
      line = map[0] + 1;
    }
    const words = (children ?? []).filter(({ type }) => type === "text" || type === "softbreak");
    return words.length > 0
      ? [{ line, text: words.map((word) => word.content || " ").join("") }]
      : [];
  });
}

/** The strings and comments of a source. A string without a space is a name, not prose. */
function proseOfSource(file: string, contents: string): Passage[] {
  const source = ts.createSourceFile(file, contents, ts.ScriptTarget.Latest, true);
  const passages: Passage[] = [];
  const comments = new Set<number>();
  const add = (position: number, text: string): void => {
    const line = source.getLineAndCharacterOfPosition(position).line + 1;
    if (/\s/.test(text)) {
      passages.push({ line, text: text.replaceAll(/\s+/g, " ") });
    }
  };
  const visit = (node: ts.Node): void => {
    const leading = ts.getLeadingCommentRanges(contents, node.pos) ?? [];
    const trailing = ts.getTrailingCommentRanges(contents, node.end) ?? [];
    for (const { pos, end } of [...leading, ...trailing]) {
      if (comments.has(pos)) {
        continue;
      }
      comments.add(pos);
      add(pos, contents.slice(pos, end).replaceAll(NOT_PROSE, " "));
    }
    if (isText(node) && (!file.startsWith(TESTS) || isTitle(node))) {
      add(node.getStart(), node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return passages;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node);
}

/** Whether a string, or the template that it is part of, names a test or a group of tests. */
function isTitle(node: ts.Node): boolean {
  let title = node;
  while (ts.isTemplateSpan(title.parent) || ts.isTemplateExpression(title.parent)) {
    title = title.parent;
  }
  const { parent } = title;
  return (
    ts.isCallExpression(parent) &&
    parent.arguments[0] === title &&
    /^(?:describe|it|test)\b/.test(parent.expression.getText())
  );
}
