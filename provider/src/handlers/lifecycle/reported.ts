import { safe } from "@runpod-stack/kit";
import { UserError } from "../../core/errors";
import {
  type FieldTable,
  type Inputs,
  isHidden,
  listed,
  rowsOf,
  type Stored,
  type Values,
} from "../../schema";
import { type InputChange, isNotByProgram, sameValue } from "./diff";
import { isImported } from "./record";

/**
 * The inputs to store: a copy, completed with the object's values where the program sets none.
 * `__reported` names those. A value that RunPod does not report this time stays as it was.
 */
export function storedCopy<T>(
  table: FieldTable<T>,
  inputs: Values,
  reported: Values,
  old: Values = {},
): Stored<T> {
  const silent = Object.entries(rowsOf(table)).filter(([field]) => inputs[field] === undefined);
  const more = silent.flatMap(([field, row]) => {
    const mayStay =
      listed(old["__reported"]).includes(field) ||
      (row.removal === "keep" && row.change !== "placement");
    const value = reported[field] ?? (mayStay ? old[field] : undefined);
    const isWorthIt = !sameValue(row, value, undefined) && row.value.safeParse(value).success;
    return isWorthIt ? [[field, value] as const] : [];
  });
  const { __reported: _, ...copy } = inputs;
  const found: Values = { ...copy, ...Object.fromEntries(more) };
  if (more.length > 0) {
    found["__reported"] = more.map(([field]) => field);
  }
  return found as Stored<T>;
}

/** What is stored after a change that sends nothing to RunPod. */
export function storedWithoutCall<T>(
  table: FieldTable<T>,
  old: Stored<T>,
  given: Inputs<T>,
): Stored<T> {
  const inputs = withoutNewDefaults<Values>(given, old);
  const outputs = Object.entries(old).filter(
    ([key]) => !Object.hasOwn(table, key) && (!isHidden(key) || key === "__live"),
  );
  const stored: Values = { ...Object.fromEntries(outputs), ...storedCopy(table, inputs, {}, old) };
  return stored as Stored<T>;
}

/** Describes a difference between RunPod and the program, for an error. */
export function discrepancy(field: string, found: unknown, wanted: unknown): string {
  const is = found === undefined ? "is not reported by RunPod" : `is ${JSON.stringify(found)}`;
  return `${field} ${is}, but the program sets ${JSON.stringify(wanted)}`;
}

/**
 * Checks the changes of an object that only a replacement could make.
 * @param what the object's name in messages
 * @throws UserError if one of these values differs, or if RunPod does not report it
 */
export function assertMatches<T>(
  table: FieldTable<T>,
  what: string,
  inputs: Values,
  reported: Values,
  changes: readonly InputChange[],
): void {
  const rows = rowsOf(table);
  const reasons = changes
    .filter(({ change }) => change === "verify")
    .filter(({ field }) => {
      const row = rows[field];
      return row === undefined || !sameValue(row, reported[field], inputs[field]);
    })
    .map(({ field }) =>
      rows[field]?.secret === undefined
        ? discrepancy(field, reported[field], inputs[field])
        : `${field} is not reported by RunPod, and the program changes it`,
    );
  if (reasons.length === 0) {
    return;
  }
  throw new UserError(
    safe`${what} cannot be changed to match the program: ${reasons.join("; ")}. Nothing was changed. Correct the program, or run \`pulumi up --replace <urn>\`, which creates another and deletes this one.`,
  );
}

/** The inputs, with the object's values instead of defaults that the program never relied on. */
export function withoutNewDefaults<I extends Values>(
  inputs: I,
  old: Values,
  reported: Values = {},
): I {
  const kept = listed(inputs["__defaults"])
    .map(String)
    .flatMap((field) => {
      const value = isImported(old)
        ? (reported[field] ?? old[field])
        : isNotByProgram(old, field)
          ? (old[field] ?? reported[field])
          : undefined;
      return value === undefined || value === null ? [] : [[field, value] as const];
    });
  return { ...inputs, ...Object.fromEntries(kept) };
}
