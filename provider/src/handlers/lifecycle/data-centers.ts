import { type Safe, safe } from "@runpod-stack/kit";
import { isUnknown, type Values } from "../../schema";

/** The inputs with data centers in upper case: RunPod accepts lower case and then misbehaves. */
export function upperCaseDataCenters(given: Values): { values: Values; notes: Safe[] } {
  const notes: Safe[] = [];
  const upper = (id: unknown) => {
    if (typeof id !== "string" || isUnknown(id) || id === id.toUpperCase()) return id;
    notes.push(safe`data center "${id}" is written ${id.toUpperCase()}; using that`);
    return id.toUpperCase();
  };
  const values = { ...given };
  if (given["dataCenterId"] !== undefined) values["dataCenterId"] = upper(given["dataCenterId"]);
  if (Array.isArray(given["dataCenterIds"]))
    values["dataCenterIds"] = given["dataCenterIds"].map(upper);
  return { values, notes };
}
