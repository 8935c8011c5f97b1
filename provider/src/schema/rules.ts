import { type Safe, safe } from "@runpod-stack/kit";
import type { Previewed, Stored } from "./field";
import { MAX_ENV } from "./tokens";
import { hasUnknown, isUnknown } from "./unknown";

/** A problem with one input, in words for the user. */
export interface Problem {
  readonly field: string;
  readonly message: Safe;
}

/** A rule between fields. `old` holds the inputs of the last update, and is empty on create. */
export type Rule<T> = (inputs: Previewed<T>, old: Stored<T>) => readonly Problem[];

/** A problem that names field, value, rule and remedy. */
export function problem(field: string, value: unknown, message: string): Problem {
  const isShown = value !== undefined && !hasUnknown(value);
  const shown = isShown ? ` ${shorten(JSON.stringify(value))}` : "";
  const end = message.endsWith("?") ? "" : ".";
  return { field, message: safe`${field}${shown} ${message}${end}` };
}

/** The value as a list; empty if it is not a list. */
export function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether both values are set, and known in this preview. */
export function bothKnown(before: unknown, after: unknown): boolean {
  return [before, after].every((value) => value !== undefined && !hasUnknown(value));
}

/** Whether a size is smaller than before. False if a size is unknown in this preview. */
export function shrinks(before: unknown, after: unknown): boolean {
  return typeof before === "number" && typeof after === "number" && after < before;
}

/** The env map must leave room for this provider's own entries: the token, and one per time limit. */
export function envLeavesRoom(
  inputs: Previewed<{ env?: object; terminateAfter?: string; stopAfter?: string }>,
): readonly Problem[] {
  if (isUnknown(inputs["env"])) {
    return [];
  }
  const count = Object.keys(Object(inputs["env"])).length;
  const own =
    1 +
    (["terminateAfter", "stopAfter"] as const).filter((field) => inputs[field] !== undefined)
      .length;
  if (count + own <= MAX_ENV) {
    return [];
  }
  const message = `has ${count} entries, including the template's. RunPod allows ${MAX_ENV}, and this provider needs ${own === 1 ? "one" : own} of them. Remove ${count + own - MAX_ENV}`;
  return [problem("env", undefined, message)];
}

function shorten(json: string): string {
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
