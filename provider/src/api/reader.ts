import { safe } from "@runpod-stack/kit";
import type { z } from "zod";
import { RunpodError } from "../core/errors";
import { isId } from "../http/path";

/** Turns a part of an answer into what it is documented to be. @throws RunpodError */
export type Reader<T> = (value: unknown, operation: string) => T;

/**
 * A reader that lets no difference from the description stand between a user and a pod that is
 * billed: a field of another type than described counts as not told, which is noted once. Only
 * what cannot be worked with at all, such as a pod without an id, is refused.
 *
 * So a field that the type promises may be missing at run time, if the server leaves it out.
 */
export function reader<T>(
  noun: string,
  validator: z.ZodType,
  log: (text: string) => void,
): Reader<T> {
  let isNoted = false;
  return (value, operation) => {
    const strict = validator.safeParse(value);
    if (strict.success) return strict.data as T;
    const odd = new Set(strict.error.issues.map(({ path }) => String(path[0])));
    const rest = Object.entries(Object(value)).filter(([field]) => !odd.has(field));
    const lenient = validator.safeParse(Object.fromEntries(rest));
    const names = [...odd].join(", ");
    if (!lenient.success) throw unreadable(noun, value, names, operation);
    if (!isNoted)
      log(
        `note: RunPod answers with a ${noun} whose ${names} is not as it documents; going on without`,
      );
    isNoted = true;
    return lenient.data as T;
  };
}

/** Ambiguous: if this was the answer to a write, something was written. */
function unreadable(noun: string, value: unknown, fields: string, operation: string): RunpodError {
  const id = Object(value).id;
  const known = typeof id === "string" && isId(id) ? ` (its id is ${id})` : "";
  const detail = `the answer holds no usable ${noun}${known}: ${fields} is missing or of the wrong type`;
  return new RunpodError(safe`${operation}: ${detail}`, { kind: "ambiguous", detail, operation });
}
