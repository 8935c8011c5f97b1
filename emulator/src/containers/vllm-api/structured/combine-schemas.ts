import { type Fields, isObject } from "../../values";

/** Where `#/$defs/name` leads; undefined if nowhere. */
export function lookUp(root: unknown, reference: string): unknown {
  return reference
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean)
    .map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (place, key) =>
        Array.isArray(place)
          ? place[Number(key)]
          : isObject(place) && Object.hasOwn(place, key)
            ? place[key]
            : undefined,
      root,
    );
}

/** A schema that allows what both allow, as far as one schema can say it. */
export function merged(one: Fields, other: Fields): Fields {
  const all: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    all[key] = Object.hasOwn(one, key) ? (JOINED[key]?.(one[key], value) ?? value) : value;
  }
  return all;
}

const greater = (a: unknown, b: unknown) => Math.max(Number(a), Number(b));
const smaller = (a: unknown, b: unknown) => Math.min(Number(a), Number(b));
const shared = (a: unknown, b: unknown) => {
  const texts = [b].flat().map((value) => JSON.stringify(value));
  return [a].flat().filter((value) => texts.includes(JSON.stringify(value)));
};

const JOINED: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  enum: shared,
  type: shared,
  required: (a, b) => [a, b].flat(),
  properties: (a, b) => {
    const [ours, theirs] = [a as Fields, b as Fields];
    const both = Object.keys(theirs).map((name) => [
      name,
      Object.hasOwn(ours, name) ? { allOf: [ours[name], theirs[name]] } : theirs[name],
    ]);
    return { ...ours, ...Object.fromEntries(both) };
  },
  minimum: greater,
  exclusiveMinimum: greater,
  minLength: greater,
  minItems: greater,
  minProperties: greater,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
};
