/** What the engine sends in previews for a value that it does not know yet: one string per type. */
const SENTINELS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

declare const unknown: unique symbol;

/** A value that a preview does not know yet. Sent as a string without a meaning. */
export interface Unknown {
  readonly [unknown]: true;
}

/** A value that may be unknown in a preview, and so may the items of a list or map. Undefined if there is none. */
export type Known<V> =
  | Unknown
  | undefined
  | (V extends readonly (infer Item)[]
      ? readonly (Item | Unknown)[]
      : V extends Readonly<Record<string, infer Item>>
        ? Readonly<Record<string, Item | Unknown>>
        : V);

/** Stands for a value that `check` cannot know yet either. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9" as unknown as Unknown;

/** Whether the value itself is unknown. */
export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "string" && SENTINELS.has(value);
}

/** Whether the value or anything inside it is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(hasUnknown);
  }
  if (value !== null && typeof value === "object") {
    return Object.values(value).some(hasUnknown);
  }
  return false;
}
