import { isUnknown as isSentinel } from "@runpod-stack/provider/schema";

/** A value that is not known: not yet, in a preview, or because it is encrypted. */
export const UNKNOWN: unique symbol = Symbol("unknown");
export type Unknown = typeof UNKNOWN;

/** A value that may be unknown; undefined if it is not set. */
export type Known<T> = T | Unknown | undefined;

/** Whether a value is set and known. */
export function isKnown<T>(value: Known<T>): value is T {
  return value !== UNKNOWN && value !== undefined;
}

/** The known items of a list. */
export function knownItems<T>(list: Known<readonly (T | Unknown)[]>): readonly T[] {
  return isKnown(list) ? list.filter((item): item is T => item !== UNKNOWN) : [];
}

/** The list, if all its items are known. */
export function wholeList<T>(list: Known<readonly (T | Unknown)[]>): readonly T[] | undefined {
  const items = knownItems(list);
  return isKnown(list) && items.length === list.length ? items : undefined;
}

/** Unwraps a property: absent, unknown, encrypted or secret. */
export function known(given: unknown): Known<unknown> {
  let value = given;
  while (isRecord(value) && SIGNATURE in value) {
    if ("value" in value) {
      value = value["value"];
    } else if (typeof value["plaintext"] !== "string") {
      return UNKNOWN;
    } else {
      value = parsed(value["plaintext"]);
    }
  }
  if (value === undefined || value === null) {
    return undefined;
  }
  return isSentinel(value) || value === REDACTED ? UNKNOWN : value;
}

/** Whether a value is a plain map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** What Pulumi's commands show in place of a secret. */
const REDACTED = "[secret]";
/** The key that marks secrets and other special values in Pulumi's wire format and state. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return UNKNOWN;
  }
}
