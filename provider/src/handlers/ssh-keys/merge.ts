import { keyId } from "../../schema";

/** The account's set of keys as it should be, and which of them a resource has added. */
export interface Merged {
  readonly keys: readonly string[];
  /** Ids of keys. */
  readonly own: readonly string[];
}

/**
 * Adds a resource's keys to the account's set and removes those that it no longer wants. Keys that
 * others have added stay as they are, in their order, also if the resource wants the same key.
 * @param own the ids of keys that the resource has added so far
 */
export function merged(
  present: readonly string[],
  wanted: readonly string[],
  own: readonly string[],
): Merged {
  const lines = new Map(wanted.map((line) => [keyId(line), line]));
  const ids = new Set(present.map(keyId));
  const kept = present.flatMap((line, index) => {
    const id = keyId(line);
    if (!own.includes(id) || index !== placeOf(present, id, lines.get(id))) {
      return [line];
    }
    return lines.get(id) ?? [];
  });
  const added = wanted.filter((line) => !ids.has(keyId(line)));
  return {
    keys: [...kept, ...added],
    own: [...lines.keys()].filter((id) => own.includes(id) || !ids.has(id)),
  };
}

/** The line that is the resource's, if others have added the same key too: the one with its comment. */
function placeOf(present: readonly string[], id: string, line: string | undefined): number {
  const exact = line === undefined ? -1 : present.indexOf(line);
  return exact >= 0 ? exact : present.findLastIndex((one) => keyId(one) === id);
}
