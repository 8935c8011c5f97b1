import { type Safe, safe } from "@runpod-stack/kit";
import { isRecord } from "../known";
import { doubt, type Item } from "../rule";
import { bodyItem, placesOf } from "./body";
import { type Description, descriptionOf, graphqlDescription } from "./descriptions";
import { documentsIn } from "./documents";
import { elsewhere } from "./elsewhere";
import { isQuery, type MutationInput, mutationInputs } from "./graphql-request";
import { limitJson } from "./json";
import { at } from "./names";
import type { ParsedDocument, Path } from "./parsed-document";
import { type Place, programPlaces } from "./places";
import { foreignResources, itemOf, pulumiResources } from "./pulumi-json";
import { UnreadableInput } from "./unreadable";

/** What the rules check in a file. */
export interface Source {
  readonly items: readonly Item[];
  /** RunPod resources that no rule checks, each with the reason as a clause. */
  readonly unread: readonly { readonly resource: string; readonly why: Safe }[];
  /** The place of an input; if it is not set, of its resource; without a resource, of the whole. */
  placeOf(item: Item | undefined, field: string): Place;
}

type Body = Readonly<Record<string, unknown>>;

/** A body in a file, and the lines of its fields. */
interface Found {
  readonly body: unknown;
  readonly mutation?: MutationInput;
  readonly isGraphql?: true;
  lineOf(path: Path): number | undefined;
}

/**
 * Reads one or several request bodies of RunPod's APIs, or Pulumi's output about a stack.
 * @param program the folder of a stack's program
 * @throws {UnreadableInput} if it is something else
 */
export function readSource(file: string, text: string, program = "."): Source {
  const ofPulumi = pulumiSource(file, text, program);
  if (ofPulumi !== undefined) {
    return ofPulumi;
  }
  const documents = isQuery(text) ? [] : documentsIn(file, text);
  const found = isQuery(text)
    ? mutationInputs(file, text, undefined).map(inQuery)
    : documents.flatMap((document) => foundIn(file, document));
  if (found.length === 0) {
    throw new UnreadableInput(`${file} is empty and ${NOT_A_BODY}`);
  }
  const isAlone = found.length === 1 && !Array.isArray(documents[0]?.value);
  const places = new Map<string, (field: string) => number>();
  const items = found.map((one, index) => {
    const { body, lineOf } = one;
    const place = isAlone ? file : `${file}#${index + 1}`;
    const item = isRecord(body) ? bodyItem(place, body, knownDescription(one, body)) : undefined;
    if (item === undefined) {
      throw new UnreadableInput(`${place} ${elsewhere(body) ?? NOT_A_BODY}`);
    }
    const lineFor = (field: string) =>
      [...placesOf(field, body as Body), []].map(lineOf).find((line) => line !== undefined) ?? 1;
    places.set(item.id, once(lineFor));
    return item;
  });
  const [first, ...rest] = items;
  const isLenient = documents.some(({ isLenientJson }) => isLenientJson);
  return {
    unread: [],
    items: first && isLenient ? [withComments(first), ...rest] : items,
    placeOf: (item, field) => ({ file, line: (item && places.get(item.id)?.(field)) ?? 1 }),
  };
}

const NOT_A_BODY =
  "cannot be checked. Use the body of a pod, a template, a network volume or a serverless endpoint for RunPod's API (REST v1 or v2, or a GraphQL request), or the output of `pulumi stack export` or `pulumi preview --json`.";

/** Pulumi's output is JSON, and may be large. */
function pulumiSource(file: string, text: string, program: string): Source | undefined {
  if (!text.trimStart().startsWith("{")) {
    return undefined;
  }
  limitJson(file, text);
  const document = valueIn(text);
  const resources = isRecord(document) ? pulumiResources(document) : undefined;
  if (resources === undefined) {
    return undefined;
  }
  const places = programPlaces(resources, program);
  return {
    items: resources.flatMap(itemOf),
    unread: foreignResources(resources).map(({ urn, type }) => ({
      resource: urn,
      why: safe`${type} is a resource of another provider`,
    })),
    placeOf: (item) => places(item?.id),
  };
}

/** The value in a JSON string; undefined if it is not JSON. */
function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The bodies in a document: itself, the items of a list, or the inputs of a GraphQL request. */
function foundIn(
  file: string,
  { value, lineOf }: Pick<ParsedDocument, "value" | "lineOf">,
): Found[] {
  const inside = (path: Path) => (field: Path) => lineOf([...path, ...field]);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => foundIn(file, { value: item, lineOf: inside([index]) }));
  }
  if (!isRecord(value)) {
    return [{ body: value, lineOf }];
  }
  const { query, variables } = value;
  if (typeof query === "string") {
    const given = isRecord(variables) ? variables : {};
    return mutationInputs(file, query, given).map((mutation) => ({
      body: mutation.input,
      mutation,
      lineOf: (field) =>
        mutation.variable === undefined
          ? lineOf(["query"])
          : lineOf(["variables", mutation.variable, ...field]),
    }));
  }
  const input = VARIABLES.find((path) => isRecord(at(value, path)));
  if (input !== undefined) {
    return [{ body: at(value, input), isGraphql: true, lineOf: inside(input) }];
  }
  const list = listIn(value);
  if (list === undefined) {
    return [{ body: value, lineOf }];
  }
  return foundIn(file, { value: value[list], lineOf: inside([list]) });
}

/** Where a mutation's input is in the variables of a GraphQL request. */
const VARIABLES = [["input"], ["variables", "input"]];

/** The lists in RunPod's responses. */
const LISTS = ["pods", "templates", "networkVolumes", "endpoints"];

function listIn(value: Body): string | undefined {
  const [name = "", ...others] = Object.keys(value).filter((key) => key !== "pagination");
  const isList = others.length === 0 && LISTS.includes(name) && Array.isArray(value[name]);
  return isList ? name : undefined;
}

function knownDescription({ mutation, isGraphql }: Found, body: Body): Description | undefined {
  if (mutation !== undefined) {
    return graphqlDescription(mutation.what);
  }
  return isGraphql ? descriptionOf(body, "graphql") : undefined;
}

function inQuery(mutation: MutationInput): Found {
  return { body: mutation.input, mutation, lineOf: mutation.lineOf };
}

function withComments(item: Item): Item {
  const comments = doubt(
    "",
    safe`The file has comments or trailing commas, which are not JSON: this check accepts them, but RunPod rejects them.`,
    safe`Remove them before you send the body.`,
  );
  return { ...item, spec: { ...item.spec, faults: [comments, ...item.spec.faults] } };
}

/** Caches the function's result for each name. */
function once<T>(find: (name: string) => T): (name: string) => T {
  const found = new Map<string, T>();
  return (name) => {
    const known = found.get(name) ?? find(name);
    found.set(name, known);
    return known;
  };
}
