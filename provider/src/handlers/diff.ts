import { isDeepStrictEqual } from "node:util";
import type { Change, Field, FieldTable, Values } from "../schema";
import { hasUnknown } from "../schema";

/** One input that differs, and what that does to the object. */
export interface InputChange {
  readonly field: string;
  readonly change: Change;
}

/** Compares stored inputs with new ones, field by field. An unknown value counts as changed. */
export function inputChanges<T>(table: FieldTable<T>, old: Values, inputs: Values): InputChange[] {
  return Object.entries<Field>(table).flatMap(([field, row]) => {
    const [before, after] = [old[field], inputs[field]];
    if (!hasUnknown(after) && sameValue(row, before, after)) return [];
    const change = after === undefined ? changeOnRemoval(row) : row.change;
    return change === undefined ? [] : [{ field, change }];
  });
}

/** Whether two values of a field mean the same. */
export function sameValue(row: Field, before: unknown, after: unknown): boolean {
  return isDeepStrictEqual(normalize(row, before), normalize(row, after));
}

function changeOnRemoval(row: Field): Change | undefined {
  if (row.removal === "keep") return undefined;
  return row.removal === "replace" ? "replace" : row.change;
}

function normalize(row: Field, value: unknown): unknown {
  const isEmpty =
    value !== null &&
    typeof value === "object" &&
    Object.keys(value).length === 0 &&
    row.removal === "clear";
  if (value === null || isEmpty || (row.removal === "clear" && value === row.cleared))
    return undefined;
  if (Array.isArray(value) && row.unordered) return [...value].sort();
  // A map that came over the wire may lack a prototype: compare what it holds.
  if (typeof value === "object" && !Array.isArray(value)) return { ...value };
  return value;
}
