import type { Context } from "hono";
import { ApiError } from "../../core/problem";
import type { Env } from "../../http/services";

/** A comma-separated query parameter of known words; null if it is absent. @throws 422 for an unknown word */
export function words<const T extends string>(
  c: Context<Env>,
  name: string,
  known: readonly T[],
): T[] | null {
  return list(c, name, `one of ${known.join(", ")}`, (word) => known.includes(word as T)) as
    | T[]
    | null;
}

/** A comma-separated query parameter of one form; null if it is absent. */
export function matching(c: Context<Env>, name: string, form: RegExp): string[] | null {
  return list(c, name, `of the form ${form.source}`, (word) => form.test(word));
}

/** A whole number in a range; `fallback` if it is absent. */
export function integer(
  c: Context<Env>,
  name: string,
  least: number,
  most: number,
  fallback: number,
): number {
  const text = c.req.query(name);
  if (text === undefined) {
    return fallback;
  }
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    const rule =
      most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
    throw invalidQuery(name, `must be an integer ${rule}`);
  }
  return value;
}

export function invalidQuery(name: string, rule: string): ApiError {
  return new ApiError(422, "Request validation failed.", [`query.${name}: ${rule}`]);
}

function list(
  c: Context<Env>,
  name: string,
  rule: string,
  valid: (word: string) => boolean,
): string[] | null {
  const text = c.req.query(name);
  if (text === undefined || text === "") {
    return null;
  }
  const found = text.split(",");
  if (!found.every(valid)) {
    throw invalidQuery(name, `"${text}" must be ${rule}`);
  }
  return found;
}
