/** A JSON object, such as an OpenAPI description or a schema in it. */
export type Json = { [key: string]: unknown };

/** These schemas and all that they refer to, as a separate description without operations. */
export function onlySchemas(document: Json, roots: readonly string[]): Json {
  const all = schemasOf(document);
  const schemas = Object.fromEntries(
    Object.entries(all).filter(([name]) => reachableSchemas(document, roots).has(name)),
  );
  return {
    openapi: document["openapi"],
    info: document["info"],
    paths: {},
    components: { schemas },
  };
}

/** The names of these schemas and of all that they refer to. */
export function reachableSchemas(document: Json, roots: readonly string[]): Set<string> {
  const all = schemasOf(document);
  const found = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) {
      continue;
    }
    const schema = all[name];
    if (schema === undefined) {
      throw new Error(`the description has no schema ${name}`);
    }
    found.add(name);
    queue.push(...references(schema));
  }
  return found;
}

/** The description's schemas by name. */
export function schemasOf(document: Json): Record<string, Json> {
  return (document["components"] as { schemas: Record<string, Json> }).schemas;
}

function references(schema: unknown): string[] {
  const pattern = /"\$ref":"#\/components\/schemas\/([^"]+)"/g;
  return [...JSON.stringify(schema).matchAll(pattern)].map(([, name]) => name ?? "");
}
