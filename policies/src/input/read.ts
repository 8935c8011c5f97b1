import {
  type Document,
  isNode,
  Lexer,
  LineCounter,
  parseAllDocuments,
  type YAMLParseError,
} from "yaml";
import { isRecord } from "../known";
import { MAX_TOKENS } from "../limits";
import type { Item } from "../rule";
import { bodyItem, V2_PATHS } from "./body";
import { limitJson } from "./json";
import { type Place, programPlaces } from "./places";
import { itemOf, pulumiResources } from "./pulumi-json";
import { UnreadableInput } from "./unreadable";

/** What a file holds for the rules. */
export interface Source {
  readonly items: readonly Item[];
  /** What sets an input; if nothing does, the resource itself, or the whole without one. */
  placeOf(item: Item | undefined, field: string): Place;
}

/**
 * Reads request bodies of RunPod's API in JSON or YAML, one or several of them, or what Pulumi
 * writes of a stack.
 * @param program the folder of a stack's program
 * @throws {UnreadableInput} what it is instead, and what would do
 */
export function readSource(file: string, text: string, program = "."): Source {
  const ofPulumi = pulumiSource(file, text, program);
  if (ofPulumi !== undefined) return ofPulumi;
  limitTokens(file, text);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    ...QUOTING_NOTHING,
    lineCounter: lines,
    uniqueKeys: false,
  });
  const places = new Map<string, (field: string) => number>();
  const items: Item[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw new UnreadableInput(`${file} ${problem(error, lines)}.`);
    for (const [path, body] of bodiesIn(plainValue(file, document))) {
      const place =
        path.length === 0 && documents.length === 1 ? file : `${file}#${items.length + 1}`;
      const item = bodyItem(place, body);
      if (item === undefined) throw new UnreadableInput(`${place} ${NOT_A_BODY}`);
      places.set(
        item.id,
        once((field) => lineIn(document, path, field, lines)),
      );
      items.push(item);
    }
  }
  if (items.length === 0) throw new UnreadableInput(`${file} is empty, and ${NOT_A_BODY}`);
  return {
    items,
    placeOf: (item, field) => ({ file, line: (item && places.get(item.id)?.(field)) ?? 1 }),
  };
}

/** What cannot be judged may be another file than was meant, with secrets in it. */
const QUOTING_NOTHING = { prettyErrors: false, logLevel: "error" } as const;

function problem({ code, pos: [offset] }: YAMLParseError, lines: LineCounter): string {
  if (code === "RESOURCE_EXHAUSTION") return "cannot be judged: it nests maps and lists too deep";
  const { line, col } = lines.linePos(offset);
  return `is neither JSON nor YAML: line ${line}, column ${col} (${code})`;
}

const NOT_A_BODY =
  "is not what can be judged here: the body of a pod, a template or a network volume for RunPod's REST API (v1 or v2), the output of `pulumi stack export`, or of `pulumi preview --json`.";

function plainValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
    const [reason = "an alias or a merge key (<<) in it leads to nothing that fits"] =
      /^Excessive alias count\b/.exec(error.message) ?? [];
    throw new UnreadableInput(`${file} cannot be read: ${reason}.`);
  }
}

/** What Pulumi writes is JSON, and may be large. */
function pulumiSource(file: string, text: string, program: string): Source | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  limitJson(file, text);
  try {
    const document: unknown = JSON.parse(text);
    const resources = isRecord(document) ? pulumiResources(document) : undefined;
    if (resources === undefined) return undefined;
    const places = programPlaces(resources, program);
    return { items: resources.flatMap(itemOf), placeOf: (item) => places(item?.id) };
  } catch (error) {
    if (error instanceof UnreadableInput) throw error;
    return undefined;
  }
}

/** Counted before anything is built of them: a hundred bytes of memory stand against each. */
function limitTokens(file: string, text: string): void {
  let count = 0;
  for (const _ of new Lexer().lex(text)) {
    if (++count <= MAX_TOKENS) continue;
    const limit = `it has more than ${MAX_TOKENS} tokens of YAML or JSON`;
    throw new UnreadableInput(`${file} cannot be judged: ${limit}. Split it.`);
  }
}

/** The bodies in a document: itself, or the items of a list. */
function bodiesIn(value: unknown): [path: (string | number)[], body: Record<string, unknown>][] {
  if (isRecord(value)) return [[[], value]];
  return Array.isArray(value)
    ? value.map((item, index) => [[index], isRecord(item) ? item : {}])
    : [];
}

/** The function, asked once for each name. */
function once<T>(find: (name: string) => T): (name: string) => T {
  const found = new Map<string, T>();
  return (name) => {
    const known = found.get(name) ?? find(name);
    found.set(name, known);
    return known;
  };
}

function lineIn(
  document: Document,
  base: readonly (string | number)[],
  field: string,
  lines: LineCounter,
): number {
  const paths = [[field], ...(V2_PATHS[field] ?? []), []];
  for (const path of paths) {
    const node = document.getIn([...base, ...path], true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
