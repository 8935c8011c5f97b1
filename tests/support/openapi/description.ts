import type { OpenApiDocument } from "@runpod-stack/openapi";

/** OpenAPI documents by version, such as "v2". */
export type Documents = Readonly<Record<string, OpenApiDocument>>;

export type Node = Readonly<Record<string, unknown>>;

/** Where a node stands: the document's version and a JSON pointer, such as "v2#/paths/~1v2~1pods". */
export type Place = string;

export interface Operation {
  /** Such as "GET /v2/pods/{id}". */
  readonly name: string;
  readonly place: Place;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Where each document's paths begin, as RunPod's clients call them. */
const PREFIXES: Readonly<Record<string, string>> = { v1: "/v1", v2: "" };

/** Finds operations and nodes in OpenAPI documents. */
export class Description {
  constructor(private readonly documents: Documents) {}

  /** The operation of a request; undefined if there is none. */
  operation(method: string, url: string): Operation | undefined {
    const asked = pathOf(url);
    const verb = method.toLowerCase();
    for (const [version, { paths }] of Object.entries(this.documents)) {
      const literalFirst = Object.keys(paths).sort((a, b) => variables(a) - variables(b));
      for (const template of literalFirst) {
        const full = `${PREFIXES[version]}${template}`;
        const pathParameters = match(full, asked);
        if (pathParameters === undefined || !Object.hasOwn(paths[template] ?? {}, verb)) {
          continue;
        }
        const place = `${version}#/paths/${pointerStep(template)}/${verb}`;
        return { name: `${method} ${full}`, place, pathParameters };
      }
    }
    return undefined;
  }

  /** The node at a place; undefined if there is none. */
  node(place: Place): Node | undefined {
    const [version = "", pointer = ""] = place.split("#");
    const steps = pointer.split("/").slice(1).map(plainStep);
    return steps.reduce<unknown>((node, step) => Object(node)[step], this.documents[version]) as
      | Node
      | undefined;
  }

  /** The place of a node after references are followed. */
  resolve(place: Place): Place {
    const reference = this.node(place)?.["$ref"];
    return typeof reference === "string"
      ? this.resolve(`${place.slice(0, place.indexOf("#"))}${reference}`)
      : place;
  }
}

/** The path of a URL that has no origin. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

/** A key as it is written in a JSON pointer. */
export function pointerStep(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function plainStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

function variables(template: string): number {
  return template.split("{").length - 1;
}

/** The values of a template's variables in a path; undefined if it is another path. */
function match(template: string, path: string): Record<string, string> | undefined {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
  const pattern = template.replaceAll(/\{[^}]+\}/g, "([^/]+)");
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (found === null) {
    return undefined;
  }
  return Object.fromEntries(
    names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]),
  );
}
