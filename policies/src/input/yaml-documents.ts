import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from "yaml";
import type { ParsedDocument, Path } from "./parsed-document";
import { UnreadableInput } from "./unreadable";

const OPTIONS = {
  prettyErrors: false,
  logLevel: "error",
  merge: true,
  // The parser's own check compares every key of a map with every other key.
  uniqueKeys: false,
} as const;

/**
 * The documents in a YAML string, without empty ones.
 * @throws {UnreadableInput}
 */
export function yamlDocuments(file: string, text: string): ParsedDocument[] {
  const lines = new LineCounter();
  return parseAllDocuments(text, { ...OPTIONS, lineCounter: lines }).flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      throw new UnreadableInput(`${file} ${problem(error, lines)}.`);
    }
    refuseTags(file, document, lines);
    refuseStructuredKeys(file, document, lines);
    refuseTwins(file, document, lines);
    const value = plainValue(file, document);
    if (value === null || value === undefined) {
      return [];
    }
    return [
      {
        value,
        isLenientJson: false,
        lineOf(path: Path) {
          const node = nodeAt(document, path);
          return node?.range ? lines.linePos(node.range[0]).line : undefined;
        },
      },
    ];
  });
}

function problem({ code, pos: [offset] }: YAMLParseError, lines: LineCounter): string {
  if (code === "RESOURCE_EXHAUSTION") {
    return "cannot be checked: it nests maps and lists too deeply";
  }
  const { line, col } = lines.linePos(offset);
  return `is neither JSON nor YAML: line ${line}, column ${col} (${code})`;
}

/** Another tool fills in tags such as !env or !Ref. */
function refuseTags(file: string, { warnings }: Document, lines: LineCounter): void {
  const tag = warnings.find(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (tag === undefined) {
    return;
  }
  const { line } = lines.linePos(tag.pos[0]);
  throw new UnreadableInput(
    `${file} cannot be checked: line ${line} has a YAML tag that another tool fills in. Check that tool's output instead.`,
  );
}

/** JSON has no maps and lists as keys, and writing nested ones as strings takes cubic time. */
function refuseStructuredKeys(file: string, document: Document, lines: LineCounter): void {
  visit(document, {
    Pair(_, { key }) {
      if (isMap(key) || isSeq(key)) {
        const { line } = lines.linePos(key.range?.[0] ?? 0);
        throw new UnreadableInput(
          `${file} cannot be checked: line ${line} has a map or a list as a field's name. Use a string.`,
        );
      }
    },
  });
}

function refuseTwins(file: string, document: Document, lines: LineCounter): void {
  visit(document, {
    Map(_, { items }: YAMLMap) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || isMerge(key)) {
          continue;
        }
        if (!names.has(key.value)) {
          names.add(key.value);
          continue;
        }
        const { line } = lines.linePos(key.range?.[0] ?? 0);
        throw new UnreadableInput(
          `${file} cannot be checked: line ${line} sets a field again. Remove one of them.`,
        );
      }
    },
  });
}

function plainValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof RangeError) {
      throw error;
    }
    const [reason = "an alias or a merge key does not refer to a map"] =
      /^Excessive alias count\b/.exec((error as Error).message) ?? [];
    throw new UnreadableInput(`${file} cannot be read: ${reason}.`);
  }
}

function nodeAt(document: Document, path: Path): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    node = childOf(resolved(document, node), step, document);
  }
  return isNode(node) ? node : undefined;
}

function childOf(node: unknown, step: string | number, document: Document): unknown {
  if (isSeq(node)) {
    return typeof step === "number" ? node.items[step] : undefined;
  }
  if (!isMap(node)) {
    return undefined;
  }
  const own = node.items.find(({ key }) => isScalar(key) && key.value === step);
  if (own !== undefined) {
    return own.value;
  }
  const merges = node.items.filter(({ key }) => isMerge(key));
  const maps = merges.map(({ value }) => resolved(document, value));
  return maps
    .flatMap((one) => (isSeq(one) ? one.items.map((item) => resolved(document, item)) : [one]))
    .map((map) => childOf(map, step, document))
    .find((found) => found !== undefined);
}

/** The parser turns a `<<` key that merges into a symbol. */
function isMerge(key: unknown): boolean {
  return isScalar(key) && typeof key.value === "symbol";
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}
