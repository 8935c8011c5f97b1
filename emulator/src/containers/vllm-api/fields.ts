import type { Fields } from "../values";
import { type Endpoint, malformed, type Violation } from "./errors";
import type { Kind } from "./schema/kinds";

/**
 * Throws what FastAPI has against a body: the rule that it breaks, or else its fields of the wrong
 * kind. Unknown fields are allowed.
 */
export function checkBody(
  body: Fields,
  kind: Kind,
  endpoint: Endpoint,
  broken: Violation | null = null,
): void {
  const found = broken === null ? kind.check(body, ["body"]) : [broken];
  if (found.length > 0) {
    throw malformed(found, endpoint);
  }
}

/** A number, also one written as a string; null for what is absent. */
export function numberOf(body: Fields, name: string): number | null {
  const value = body[name];
  return value === undefined || value === null ? null : Number(value);
}
