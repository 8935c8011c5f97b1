import type { Field, FieldTable, Values } from "../schema";
import { sameValue } from "./diff";

/**
 * The inputs as a refresh should record them: what the program set, corrected where RunPod shows
 * another value. `__drifted` names the corrected fields; a default that drifted is one no longer.
 * @param observed values by field; a field that is missing here is not reported by RunPod
 */
export function correctedInputs<T>(table: FieldTable<T>, inputs: Values, observed: Values): Values {
  const { __drifted: _, ...corrected } = inputs;
  const drifted: string[] = [];
  for (const [field, row] of Object.entries<Field>(table)) {
    if (!row.observed || inputs[field] === undefined || !Object.hasOwn(observed, field)) continue;
    if (sameValue(row, inputs[field], observed[field])) continue;
    drifted.push(field);
    if (observed[field] === undefined || observed[field] === null) delete corrected[field];
    else corrected[field] = observed[field];
  }
  if (drifted.length === 0) return corrected;
  const defaults = Array.isArray(inputs["__defaults"]) ? inputs["__defaults"] : [];
  return {
    ...corrected,
    __drifted: drifted,
    __defaults: defaults.filter((field) => !drifted.includes(field)),
  };
}
