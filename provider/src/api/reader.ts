import { safe } from "@runpod-stack/kit";
import { z } from "zod";
import { RunpodError } from "../core/errors";
import { isId } from "../http/path";

/** Converts a part of an answer to its documented type. @throws RunpodError */
export type Reader<T> = (value: unknown, operation: string) => T;

/** A reader of objects whose id is stored and becomes part of URLs: any other id is unusable. */
export function objectReader<T extends { readonly id: string }>(
  noun: string,
  validator: z.ZodType,
  log: (text: string) => void,
): Reader<T> {
  return reader(noun, validator.and(z.object({ id: z.string().refine(isId) })), log);
}

/**
 * A reader that lets no difference from the API description block work on a pod that is billed. A
 * field of the wrong type counts as not reported, which is logged once. Only an unusable object,
 * such as a pod without an id, is rejected.
 *
 * So a field that the type requires may be missing at run time, if the server leaves it out.
 */
export function reader<T>(
  noun: string,
  validator: z.ZodType,
  log: (text: string) => void,
): Reader<T> {
  let isNoted = false;
  return (value, operation) => {
    const strict = validator.safeParse(value);
    if (strict.success) {
      return strict.data as T;
    }
    const odd = new Set(strict.error.issues.map(({ path }) => String(path[0])));
    const rest = Object.entries(Object(value)).filter(([field]) => !odd.has(field));
    const lenient = validator.safeParse(Object.fromEntries(rest));
    const names = [...odd].join(", ");
    if (!lenient.success) {
      throw unreadable(noun, value, names, operation);
    }
    if (!isNoted) {
      log(
        `note: RunPod answers with a ${noun} whose ${names} does not match its API documentation; ignoring it`,
      );
    }
    isNoted = true;
    return lenient.data as T;
  };
}

/** Ambiguous: if this was the answer to a write, something was written. */
function unreadable(noun: string, value: unknown, fields: string, operation: string): RunpodError {
  const id = Object(value).id;
  const known = typeof id === "string" && isId(id) ? ` (its id is ${id})` : "";
  const detail = `the answer contains no usable ${noun}${known}: ${fields} is missing or invalid`;
  return new RunpodError(safe`${operation}: ${detail}`, { kind: "ambiguous", detail, operation });
}
