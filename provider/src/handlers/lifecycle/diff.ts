import { isDeepStrictEqual } from "node:util";
import type { Change, Field, FieldTable, Values } from "../../schema";
import { hasUnknown, listed, rowsOf } from "../../schema";
import { isImported } from "./record";

/** An input that differs, and what that does to the object. */
export interface InputChange<F extends string = string> {
  readonly field: F;
  /** `verify`: only a replacement could change it, and the object's value is not certain. */
  readonly change: Change | "verify";
}

/**
 * The changes that new inputs make to an object with the old ones. A default, or an absent input,
 * does not change what the program never set; and a default replaces nothing.
 */
export function inputChanges<T>(
  table: FieldTable<T>,
  old: Values,
  inputs: Values,
): InputChange<keyof T & string>[] {
  return differences(table, old, inputs).filter(({ field, change }) => {
    if (inputs[field] === undefined) {
      return !isNotByProgram(old, field);
    }
    return !isDefault(inputs, field) || (!isNotByProgram(old, field) && change !== "replace");
  });
}

/**
 * The changes that new inputs make to a stored object, which may be imported.
 * @param effect what a change does to this object @default as the table says
 */
export function storedChanges<T>(
  table: FieldTable<T>,
  old: Values,
  inputs: Values,
  effect: (change: InputChange<keyof T & string>) => InputChange["change"] = ({ change }) => change,
): InputChange<keyof T & string>[] {
  const changes = inputChanges(table, old, inputs).map((change) => ({
    field: change.field,
    change: effect(change),
  }));
  return isImported(old) ? importedChanges(changes, inputs) : changes;
}

/** The fields that differ, and those of them that replace the object. */
export function changedFields<F extends string>(
  changes: readonly InputChange<F>[],
): { changed: F[]; replaces: F[] } {
  return {
    changed: changes.map(({ field }) => field),
    replaces: changes.filter(({ change }) => change === "replace").map(({ field }) => field),
  };
}

/**
 * The changes to an imported object. Its stored values may be anything, so only inputs that the
 * program sets count, and none of them replaces the object: only the user can ask for that.
 */
function importedChanges<F extends string>(
  changes: readonly InputChange<F>[],
  inputs: Values,
): InputChange<F>[] {
  return changesByProgram(changes, inputs).map(({ field, change }) => ({
    field,
    change: change === "replace" ? "verify" : change,
  }));
}

/** The changes to inputs that the program sets, without defaults and absent inputs. */
export function changesByProgram<F extends string>(
  changes: readonly InputChange<F>[],
  inputs: Values,
): InputChange<F>[] {
  return changes.filter(({ field }) => inputs[field] !== undefined && !isDefault(inputs, field));
}

/** Compares two sets of inputs, field by field. An unknown value counts as changed. */
export function differences<T>(
  table: FieldTable<T>,
  old: Values,
  inputs: Values,
): InputChange<keyof T & string>[] {
  return Object.entries(rowsOf(table)).flatMap(([field, row]) => {
    const [before, after] = [old[field], inputs[field]];
    if (!hasUnknown(after) && sameValue(row, before, after)) {
      return [];
    }
    const change = after === undefined ? changeOnRemoval(row) : row.change;
    return change === undefined ? [] : [{ field: field as keyof T & string, change }];
  });
}

/** Whether two values of a field mean the same. */
export function sameValue(row: Field, before: unknown, after: unknown): boolean {
  return isDeepStrictEqual(normalize(row, before), normalize(row, after));
}

function changeOnRemoval(row: Field): Change | undefined {
  if (row.removal === "keep") {
    return undefined;
  }
  return row.removal === "replace" ? "replace" : row.change;
}

/** Whether the program did not set a stored value: a default, or what RunPod reported. */
export function isNotByProgram(old: Values, field: string): boolean {
  return old[field] === undefined || isDefault(old, field) || isReported(old, field);
}

/** Whether `check` filled the input in. */
export function isDefault(values: Values, field: string): boolean {
  return listed(values["__defaults"]).includes(field);
}

function isReported(values: Values, field: string): boolean {
  return listed(values["__reported"]).includes(field);
}

function normalize(row: Field, value: unknown): unknown {
  const isEmpty = value !== null && typeof value === "object" && Object.keys(value).length === 0;
  const isUnset = value === row.unset || (row.removal === "clear" && value === row.cleared);
  if (value === null || isEmpty || isUnset) {
    return undefined;
  }
  const plain = row.anyCase ? upperCase(value) : value;
  if (Array.isArray(plain) && row.unordered) {
    return [...plain].sort();
  }
  // A map from the wire may lack a prototype, so compare only its entries.
  if (typeof plain === "object" && !Array.isArray(plain)) {
    return { ...plain };
  }
  return plain;
}

function upperCase(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(upperCase);
  }
  return typeof value === "string" ? value.toUpperCase() : value;
}
