import type { Json } from "./document.mts";

/** A correction of a description, and the reason for it. Operations are those of RFC 6902 that are in use. */
export interface Patch {
  readonly name: string;
  readonly reason: string;
  readonly operations: readonly {
    readonly op: "add" | "replace";
    readonly path: string;
    readonly value: unknown;
  }[];
}

/** The corrected description. @throws if a patch no longer fits, so that someone reviews it */
export function patched(document: Json, patches: readonly Patch[]): Json {
  const result = structuredClone(document);
  for (const { name, operations } of patches) {
    for (const { op, path, value } of operations) {
      const [parent, key] = locate(result, path, name);
      const exists = Object.hasOwn(parent, key);
      if (exists !== (op === "replace")) {
        throw new Error(`patch ${name}: ${path} is ${exists ? "already" : "not"} there`);
      }
      if (Array.isArray(parent)) {
        parent.push(structuredClone(value));
      } else {
        parent[key] = structuredClone(value);
      }
    }
  }
  return result;
}

function locate(root: Json, path: string, patch: string): [Json | unknown[], string] {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  let node: unknown = root;
  for (const key of keys) {
    node = (node as Json | undefined)?.[key];
  }
  if (node === null || typeof node !== "object") {
    throw new Error(`patch ${patch}: no ${path}`);
  }
  return [node as Json, last];
}
