import { isObject } from "../../values";
import type { Kind } from "./kinds";

/** Values without parts, which pydantic also reads from strings. */

export const str = simple("str", (input) =>
  typeof input === "string" ? null : ["string_type", "Input should be a valid string"],
);

export const bytes = simple("bytes", (input) =>
  typeof input === "string" ? null : ["bytes_type", "Input should be a valid bytes"],
);

export const bool = simple("bool", (input) =>
  typeof input === "boolean" || input === 0 || input === 1 || isWordFor(input)
    ? null
    : typeof input === "string" || Number.isInteger(input)
      ? ["bool_parsing", "Input should be a valid boolean, unable to interpret input"]
      : ["bool_type", "Input should be a valid boolean"],
);

export const int = simple("int", (input) =>
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
);

export const float = simple("float", (input) =>
  typeof input === "number" || typeof input === "boolean"
    ? null
    : typeof input === "string"
      ? input.trim() !== "" && Number.isFinite(Number(input))
        ? null
        : ["float_parsing", "Input should be a valid number, unable to parse string as a number"]
      : ["float_type", "Input should be a valid number"],
);

/** A string or a list of parts that nobody looks at before the chat template. */
export function iterable(items: string): Kind {
  return simple(`generator[${items}]`, (input) =>
    typeof input === "string" || Array.isArray(input) || isObject(input)
      ? null
      : ["iterable_type", "Input should be iterable"],
  );
}

function simple(
  label: string,
  problem: (input: unknown) => readonly [type: string, msg: string] | null,
): Kind {
  return {
    label,
    check: (input, loc) => {
      const found = problem(input);
      return found === null ? [] : [{ type: found[0], loc, msg: found[1], input }];
    },
  };
}

function isWordFor(input: unknown): boolean {
  return typeof input === "string" && /^(?:true|false|yes|no|on|off|t|f|y|n|0|1)$/i.test(input);
}
