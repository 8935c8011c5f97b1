import { isObject } from "../../values";
import type { Violation } from "../errors";
import { pythonRepr } from "../python";

export type Loc = readonly (string | number)[];

/** A type of pydantic: its name in a union, and what it has against a value. */
export interface Kind {
  label: string;
  check(input: unknown, loc: Loc): Violation[];
  /** Whether the field of this kind must be given. */
  isRequired?: boolean;
}

export type Shape = Readonly<Record<string, Kind>>;

export const any: Kind = { label: "any", check: () => [] };

/** A number within limits. */
export function within(kind: Kind, limits: { ge?: number; le?: Limit }): Kind {
  const { ge, le } = limits;
  return {
    label: `constrained-${kind.label}`,
    check: (input, loc) => {
      const found = kind.check(input, loc);
      if (found.length > 0) {
        return found;
      }
      const value = Number(input);
      const print = (limit: Limit) => (kind.label === "float" ? `${limit}.0` : String(limit));
      return ge !== undefined && value < ge
        ? [
            {
              type: "greater_than_equal",
              loc,
              msg: `Input should be greater than or equal to ${ge}`,
              input,
              ctx: `{'ge': ${print(ge)}}`,
            },
          ]
        : le !== undefined && value > Number(le)
          ? [
              {
                type: "less_than_equal",
                loc,
                msg: `Input should be less than or equal to ${le}`,
                input,
                ctx: `{'le': ${print(le)}}`,
              },
            ]
          : [];
    },
  };
}

type Limit = number | bigint;

export function literal(...values: readonly string[]): Kind {
  const quoted = values.map((value) => `'${value}'`);
  const expected = [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter(Boolean).join(" or ");
  return {
    label: `literal[${quoted.join(",")}]`,
    check: (input, loc) =>
      values.some((value) => value === input)
        ? []
        : [
            {
              type: "literal_error",
              loc,
              msg: `Input should be ${expected}`,
              input,
              ctx: `{'expected': ${pythonRepr(expected)}}`,
            },
          ],
  };
}

export function list(items: Kind): Kind {
  return {
    label: `list[${items.label}]`,
    check: (input, loc) =>
      Array.isArray(input)
        ? input.flatMap((item, index) => items.check(item, [...loc, index]))
        : [{ type: "list_type", loc, msg: "Input should be a valid list", input }],
  };
}

export function dict(values: Kind): Kind {
  return {
    label: `dict[str,${values.label}]`,
    check: (input, loc) =>
      isObject(input)
        ? Object.entries(input).flatMap(([key, value]) => values.check(value, [...loc, key]))
        : [{ type: "dict_type", loc, msg: "Input should be a valid dictionary", input }],
  };
}

/** Null or the kind. */
export function optional(kind: Kind): Kind {
  return {
    label: `nullable[${kind.label}]`,
    check: (input, loc) => (input === null ? [] : kind.check(input, loc)),
  };
}

/** The errors of all alternatives, unless one of them takes the value. */
export function union(...kinds: readonly Kind[]): Kind {
  return {
    label: `union[${kinds.map(({ label }) => label).join(",")}]`,
    check: (input, loc) => {
      const all = kinds.map((kind) => kind.check(input, [...loc, kind.label]));
      return all.some((found) => found.length === 0) ? [] : all.flat();
    },
  };
}

export function required(kind: Kind): Kind {
  return { ...kind, isRequired: true };
}

/** The first rule that a value of the right kind breaks. */
export function ruled(kind: Kind, broken: (value: unknown) => string | null): Kind {
  return {
    ...kind,
    check: (input, loc) => {
      const found = kind.check(input, loc);
      const message = found.length > 0 ? null : broken(input);
      return message === null
        ? found
        : [
            {
              type: "value_error",
              loc,
              msg: `Value error, ${message}`,
              input,
              reason: `ValueError(${pythonRepr(message)})`,
            },
          ];
    },
  };
}

/** A class; fields that it does not have are ignored. vLLM's own classes have this label in unions. */
export function model(shape: Shape, label = OPENAI_BASE_MODEL): Kind {
  const msg = "Input should be a valid dictionary or object to extract fields from";
  return fieldsOf(shape, label, (input, loc) => ({
    type: "model_attributes_type",
    loc,
    msg,
    input,
  }));
}

export function typedDict(shape: Shape, label: string): Kind {
  const msg = "Input should be a valid dictionary";
  return fieldsOf(shape, label, (input, loc) => ({ type: "dict_type", loc, msg, input }));
}

export function dataclass(shape: Shape, label: string): Kind {
  const msg = `Input should be a dictionary or an instance of ${label}`;
  const ctx = `{'class_name': '${label}'}`;
  return fieldsOf(shape, label, (input, loc) => ({ type: "dataclass_type", loc, msg, input, ctx }));
}

function fieldsOf(
  shape: Shape,
  label: string,
  refuse: (input: unknown, loc: Loc) => Violation,
): Kind {
  return {
    label,
    check: (input, loc) =>
      isObject(input)
        ? Object.entries(shape).flatMap(([name, kind]) => {
            const value = input[name];
            const place = [...loc, name];
            return value !== undefined
              ? kind.check(value, place)
              : kind.isRequired
                ? [{ type: "missing", loc: place, msg: "Field required", input }]
                : [];
          })
        : [refuse(input, loc)],
  };
}

/** What keeps pydantic from naming vLLM's classes: it wraps them all to log unknown fields. */
export const OPENAI_BASE_MODEL = "function-wrap[__log_extra_fields__()]";
