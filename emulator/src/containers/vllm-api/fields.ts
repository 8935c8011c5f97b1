import type { Fields } from "../values";
import { missing } from "./body";
import type { Violation } from "./errors";

/** What a field holds; one with `!` is required and not null. */
export type Kind =
  | "bool"
  | "dict"
  | "dict!"
  | "float"
  | "int"
  | "int!"
  | "list"
  | "list!"
  | "str"
  | "str!";

export type Schema = Readonly<Record<string, Kind>>;

/** The fields of the wrong kind, as pydantic reports them. Unknown fields are allowed. */
export function violations(body: Fields, schema: Schema): Violation[] {
  return Object.entries(schema).flatMap(([name, kind]) => {
    const input = body[name];
    const isRequired = kind.endsWith("!");
    if (input === undefined) {
      return isRequired ? [missing(["body", name], body)] : [];
    }
    if (input === null && !isRequired) {
      return [];
    }
    const problem = PROBLEMS[kind.replace("!", "")]?.(input) ?? null;
    return problem === null
      ? []
      : [{ type: problem[0], loc: ["body", name], msg: problem[1], input }];
  });
}

/** A number, also one written as a string; null for what is absent. */
export function numberOf(body: Fields, name: string): number | null {
  const value = body[name];
  return value === undefined || value === null ? null : Number(value);
}

type Problem = readonly [type: string, msg: string];

const PROBLEMS: Readonly<Record<string, (input: unknown) => Problem | null>> = {
  bool: (input) =>
    typeof input === "boolean" || input === 0 || input === 1 || isWordFor(input)
      ? null
      : typeof input === "string" || typeof input === "number"
        ? ["bool_parsing", "Input should be a valid boolean, unable to interpret input"]
        : ["bool_type", "Input should be a valid boolean"],
  int: (input) =>
    typeof input === "number"
      ? Number.isInteger(input)
        ? null
        : ["int_from_float", "Input should be a valid integer, got a number with a fractional part"]
      : typeof input === "string"
        ? /^\s*[+-]?\d+(?:\.0+)?\s*$/.test(input)
          ? null
          : ["int_parsing", "Input should be a valid integer, unable to parse string as an integer"]
        : typeof input === "boolean"
          ? null
          : ["int_type", "Input should be a valid integer"],
  float: (input) =>
    typeof input === "number" || typeof input === "boolean"
      ? null
      : typeof input === "string"
        ? input.trim() !== "" && Number.isFinite(Number(input))
          ? null
          : ["float_parsing", "Input should be a valid number, unable to parse string as a number"]
        : ["float_type", "Input should be a valid number"],
  str: (input) =>
    typeof input === "string" ? null : ["string_type", "Input should be a valid string"],
  list: (input) => (Array.isArray(input) ? null : ["list_type", "Input should be a valid list"]),
  dict: (input) =>
    typeof input === "object" && !Array.isArray(input)
      ? null
      : ["dict_type", "Input should be a valid dictionary"],
};

function isWordFor(input: unknown): boolean {
  return typeof input === "string" && /^(?:true|false|yes|no|on|off|t|f|y|n|0|1)$/i.test(input);
}
