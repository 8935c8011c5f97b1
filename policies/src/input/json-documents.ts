import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { LineCounter } from "yaml";
import { endOfString, limitJson } from "./json";
import type { ParsedDocument, Path } from "./parsed-document";
import { UnreadableInput } from "./unreadable";

/** jsonc-parser's error code if more text follows a value. */
const END_EXPECTED = "EndOfFileExpected";

/**
 * The JSON values in a string, with or without comments, one or several; undefined if the string may
 * be YAML.
 * @throws {UnreadableInput} if a file with a JSON extension is not JSON
 */
export function jsonDocuments(file: string, given: string): ParsedDocument[] | undefined {
  if (!/^\s*(?:\/[/*]|[[{])/.test(given)) {
    return undefined;
  }
  limitJson(file, given);
  const lines = new LineCounter();
  for (const { index } of `\n${given}`.matchAll(/\n/g)) {
    lines.addNewLine(index);
  }
  const first = readAll(file, given, lines);
  if (Array.isArray(first)) {
    return first;
  }
  const second = readAll(file, onOneLine(given), lines);
  if (Array.isArray(second)) {
    return second;
  }
  if (!/\.jsonc?$/i.test(file)) {
    return undefined;
  }
  const { line, col } = lines.linePos(first.offset);
  const code = printParseErrorCode(first.error);
  throw new UnreadableInput(`${file} is not JSON: line ${line}, column ${col} (${code}).`);
}

function readAll(file: string, text: string, lines: LineCounter): ParsedDocument[] | ParseError {
  const documents: ParsedDocument[] = [];
  let from = 0;
  for (let rest = text; /\S/.test(rest); rest = text.slice(from)) {
    const errors: ParseError[] = [];
    const root = parseTree(rest, errors, { allowTrailingComma: true });
    const [error] = errors;
    const hasMore = error !== undefined && printParseErrorCode(error.error) === END_EXPECTED;
    if (error !== undefined && !hasMore) {
      return { ...error, offset: error.offset + from };
    }
    if (root === undefined) {
      break;
    }
    const end = root.offset + root.length;
    documents.push(documentOf(file, root, hasMore ? rest.slice(0, end) : rest, from, lines));
    if (!hasMore) {
      break;
    }
    from += end;
  }
  return documents;
}

function documentOf(
  file: string,
  root: Node,
  text: string,
  from: number,
  lines: LineCounter,
): ParsedDocument {
  const lineAt = ({ offset }: Node) => lines.linePos(offset + from).line;
  refuseTwins(file, root, lineAt);
  return {
    value: plainValue(root),
    isLenientJson: !isJson(text),
    lineOf(path) {
      const node = nodeAt(root, path);
      return node && lineAt(node);
    },
  };
}

/** Parsers disagree on what a duplicate name means. */
function refuseTwins(file: string, node: Node, lineAt: (node: Node) => number): void {
  const names = new Set<unknown>();
  for (const child of node.children ?? []) {
    const [key] = node.type === "object" ? (child.children ?? []) : [];
    if (key !== undefined && names.has(key.value)) {
      throw new UnreadableInput(
        `${file} cannot be checked: line ${lineAt(key)} sets a field again. Remove one of them.`,
      );
    }
    if (key !== undefined) {
      names.add(key.value);
    }
    refuseTwins(file, child, lineAt);
  }
}

/** jsonc-parser's own function would set an object's prototype for the name "__proto__". */
function plainValue({ type, children = [], value }: Node): unknown {
  if (type === "array") {
    return children.map(plainValue);
  }
  if (type !== "object") {
    return value;
  }
  return Object.fromEntries(
    children.map(({ children: [key, item] = [] }) => [key?.value, item && plainValue(item)]),
  );
}

function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, step) => {
    if (typeof step === "number") {
      return node?.type === "array" ? node.children?.[step] : undefined;
    }
    const properties = node?.type === "object" ? (node.children ?? []) : [];
    return properties.find(({ children }) => children?.[0]?.value === step)?.children?.[1];
  }, root);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** GraphQL requests often have bare line breaks in strings, and RunPod accepts them. */
function onOneLine(text: string): string {
  let result = "";
  let from = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', from)) {
    const end = endOfString(text, at) + 1;
    result += text.slice(from, at) + text.slice(at, end).replace(/[\n\r\t]/g, " ");
    from = end;
  }
  return result + text.slice(from);
}
