import {
  type FieldTable,
  isDisruptive,
  listed,
  rowsOf,
  type Stored,
  type Values,
} from "../../schema";
import { sameValue } from "./diff";
import type { Handler } from "./handler";
import { isImported, storedInputs } from "./record";
import { withoutNewDefaults } from "./reported";

/**
 * The inputs of an object after a refresh. Stored inputs of an imported object may be incomplete,
 * so they are completed like those of a program.
 */
export function foundInputs<T>(
  table: FieldTable<T>,
  check: Handler<T>["check"],
  stored: Values,
  observed: Values,
): Stored<T> {
  const inputs = storedInputs(table, stored);
  const known = isImported(stored)
    ? withoutNewDefaults(check({}, inputs).inputs, stored, observed)
    : inputs;
  return correctedInputs(table, known, observed);
}

/**
 * The inputs as a refresh should record them: what the program set, corrected where RunPod reports
 * another value. `__drifted` names the corrected fields. A default that drifted no longer counts as
 * one, and `__was` holds it if `check` would otherwise keep the new value.
 * @param observed values by field; null means reported as absent, and undefined means not reported
 */
export function correctedInputs<T>(
  table: FieldTable<T>,
  inputs: Values,
  observed: Values,
): Stored<T> {
  const rows = rowsOf(table);
  const { __drifted: _, __was: __, ...corrected } = inputs;
  const defaults = listed(inputs["__defaults"]);
  const drifted: string[] = [];
  for (const [field, row] of Object.entries(rows)) {
    const found = observed[field];
    if (!row.observed || inputs[field] === undefined || found === undefined) {
      continue;
    }
    if (sameValue(row, inputs[field], found)) {
      continue;
    }
    drifted.push(field);
    if (found === null) {
      delete corrected[field];
    } else {
      corrected[field] = found;
    }
  }
  if (drifted.length === 0) {
    return corrected as Stored<T>;
  }
  const was = drifted.filter((field) => defaults.includes(field) && isDisruptive(rows[field]));
  const found: Values = {
    ...corrected,
    __drifted: drifted,
    __defaults: defaults.filter((field) => !drifted.includes(String(field))),
    ...(was.length > 0 && {
      __was: Object.fromEntries(was.map((field) => [field, inputs[field]])),
    }),
  };
  return found as Stored<T>;
}
