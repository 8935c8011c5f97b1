import { type Field, type FieldTable, listed, type Values } from "../schema";
import { isUnsaid, sameValue } from "./diff";
import { isImported } from "./live";

/** Values as RunPod reports them, without those that are missing or of a form that the field cannot have. */
export function reportedValues<T>(table: FieldTable<T>, found: Values): Values {
  const rows: Record<string, Field> = table;
  const isUsable = ([field, value]: [string, unknown]) =>
    value !== undefined &&
    (rows[field]?.secret !== undefined || rows[field]?.value.safeParse(value).success);
  return Object.fromEntries(Object.entries(found).filter(isUsable));
}

/**
 * What is stored of inputs: a copy, and where the program is silent what the object has. `__reported`
 * names the latter. A value that RunPod does not report this time stays as it was.
 */
export function storedCopy<T>(
  table: FieldTable<T>,
  inputs: Values,
  reported: Values,
  old: Values = {},
): Values {
  const silent = Object.entries<Field>(table).filter(([field]) => inputs[field] === undefined);
  const more = silent.flatMap(([field, row]) => {
    const mayStay =
      listed(old["__reported"]).includes(field) ||
      (row.removal === "keep" && row.change !== "placement");
    const value = reported[field] ?? (mayStay ? old[field] : undefined);
    const isWorthIt = !sameValue(row, value, undefined) && row.value.safeParse(value).success;
    return isWorthIt ? [[field, value] as const] : [];
  });
  const { __reported: _, ...copy } = inputs;
  if (more.length === 0) return copy;
  return { ...copy, ...Object.fromEntries(more), __reported: more.map(([field]) => field) };
}

/** How what RunPod reports differs from what the program says, for an error. */
export function discrepancy(field: string, found: unknown, said: unknown): string {
  const is = found === undefined ? "is not reported by RunPod" : `is ${JSON.stringify(found)}`;
  return `${field} ${is}, and the program says ${JSON.stringify(said)}`;
}

/** The inputs with what the object has in place of defaults that the program never relied on. */
export function withoutNewDefaults(inputs: Values, old: Values, reported: Values = {}): Values {
  const kept = listed(inputs["__defaults"])
    .map(String)
    .flatMap((field) => {
      const value = isImported(old)
        ? (reported[field] ?? old[field])
        : isUnsaid(old, field)
          ? (old[field] ?? reported[field])
          : undefined;
      return value === undefined || value === null ? [] : [[field, value] as const];
    });
  return { ...inputs, ...Object.fromEntries(kept) };
}
