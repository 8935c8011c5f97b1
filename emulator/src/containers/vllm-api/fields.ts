import type { Fields } from "../values";
import type { Violation } from "./errors";
import { model, type Shape } from "./schema/kinds";

/** The fields of the wrong kind, as pydantic reports them. Unknown fields are allowed. */
export function violations(body: Fields, shape: Shape): Violation[] {
  return model(shape).check(body, ["body"]);
}

/** A number, also one written as a string; null for what is absent. */
export function numberOf(body: Fields, name: string): number | null {
  const value = body[name];
  return value === undefined || value === null ? null : Number(value);
}
