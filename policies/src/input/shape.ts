import { named, type Safe, safe } from "@runpod-stack/kit";
import { bareName, suggestions } from "@runpod-stack/provider/schema";
import { type Finding, refusal } from "../finding";
import { isRecord } from "../known";
import { enumerate } from "../words";
import { isPlaceholder } from "./placeholders";

/** What a value must look like, by one of RunPod's API descriptions. Absent parts are not checked. */
export interface Shape {
  /** JSON Schema types. */
  readonly types?: readonly string[];
  readonly words?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  /** The shape of the values in a map with any names. */
  readonly values?: Shape;
}

/** A fault in a value. */
export interface Misfit {
  /** The path in the body, such as "mounts.persistent.size". */
  readonly path: string;
  readonly kind: "unknown" | "missing" | "value";
  readonly finding: Finding;
}

const MOST_UNKNOWN = 20;

/** What contains the value, such as "a pod in RunPod's REST API v1". */
type Within = Safe;

/** Faults of a value. Placeholders are not reported here. */
export function misfits(value: unknown, shape: Shape, within: Within, path = ""): Misfit[] {
  const type = typeOf(value);
  if (isPlaceholder(value)) {
    return [];
  }
  const { types, fields, required = [] } = shape;
  if (types && !types.some((one) => one === type || (one === "number" && type === "integer"))) {
    return [wrong(path, value, mustBe(shape), howTo(value, shape))];
  }
  if (Array.isArray(value)) {
    const { maxItems = Number.POSITIVE_INFINITY, items } = shape;
    if (value.length > maxItems) {
      const most = maxItems === 1 ? "one item" : `${maxItems} items`;
      return [wrong(path, undefined, safe`must have at most ${most}`, safe`Remove the others.`)];
    }
    return items ? value.flatMap((item, at) => misfits(item, items, within, `${path}[${at}]`)) : [];
  }
  if (!isRecord(value)) {
    return ofScalar(value, shape, path);
  }
  const inner = (name: string) => (path === "" ? name : `${path}.${name}`);
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => missingField(inner(name), within));
  const fieldOfName = (name: string) =>
    fields && Object.hasOwn(fields, name) ? fields[name] : shape.values;
  const found = Object.entries(value).flatMap(([name, item]) => {
    const field = fieldOfName(name);
    return field === undefined ? [] : misfits(item, field, within, inner(name));
  });
  const unknown = fields ? Object.keys(value).filter((name) => !fieldOfName(name)) : [];
  // Do not list every field of an unrelated file.
  const named = unknown.slice(0, MOST_UNKNOWN);
  return [
    ...named.map((name) => unknownField(name, inner(name), fields ?? {}, within)),
    ...missing,
    ...found,
  ];
}

/** The known field that a name means: itself, or one that differs only in case and punctuation. */
export function meantField(name: string, fields: Readonly<Record<string, unknown>>): string {
  if (Object.hasOwn(fields, name)) {
    return name;
  }
  const spelled =
    spellings.get(fields) ?? new Map(Object.keys(fields).map((field) => [bareName(field), field]));
  spellings.set(fields, spelled);
  return spelled.get(bareName(name)) ?? name;
}

/** Cache by table of fields, because a body with thousands of fields uses it often. */
const spellings = new WeakMap<object, ReadonlyMap<string, string>>();

function ofScalar(value: unknown, shape: Shape, path: string): Misfit[] {
  const { words, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = shape;
  if (words && typeof value === "string" && !words.includes(value)) {
    const near = words.find((word) => bareName(word) === bareName(value)) ?? words[0];
    const rule = safe`must be ${enumerate(words.map(String), "or")}`;
    return [wrong(path, value, rule, safe`Write ${JSON.stringify(near)}.`)];
  }
  if (typeof value !== "number") {
    return [];
  }
  if (value < minimum) {
    return [wrong(path, value, safe`must be at least ${minimum}`, raise(minimum))];
  }
  if (value > maximum) {
    return [wrong(path, value, safe`must be at most ${maximum}`, raise(maximum))];
  }
  return [];
}

function raise(number: number): Safe {
  return safe`Set it to ${number}.`;
}

function wrong(path: string, value: unknown, rule: Safe, remedy: Safe): Misfit {
  const shown = isShown(path, value) ? ` ${JSON.stringify(value)}` : "";
  const finding = refusal(fieldOf(path), safe`${path}${shown} ${rule}.`, remedy);
  return { path, kind: "value", finding };
}

/** Variables and commands may contain secrets. */
function isShown(path: string, value: unknown): boolean {
  if (/^(?:env|args|cmd|docker|entrypoint)/.test(path)) {
    return false;
  }
  return ["string", "number", "boolean"].includes(typeof value);
}

function unknownField(name: string, path: string, fields: object, within: Within): Misfit {
  const meant = meantField(name, fields as Shape["fields"] & object);
  const near = suggestions(name, Object.keys(fields));
  const guess =
    near.length > 0
      ? safe`Did you mean ${near.join(" or ")}? If not, remove it.`
      : safe`Remove it.`;
  const remedy = meant === name ? guess : safe`Write ${meant}.`;
  const finding = refusal(
    path,
    safe`${named(path, { most: 200 })} is not a field of ${within}, so it has no effect.`,
    remedy,
  );
  return { path, kind: "unknown", finding };
}

function missingField(path: string, within: Within): Misfit {
  const finding = refusal(path, safe`${path} is required for ${within}.`, safe`Add it.`);
  return { path, kind: "missing", finding };
}

function mustBe({ types = [], words, items, values }: Shape): Safe {
  if (words) {
    return safe`must be ${enumerate(words.map(String), "or")}`;
  }
  if (items?.fields) {
    return safe`must be a list of {${Object.keys(items.fields).join(", ")}}`;
  }
  if (items?.types?.includes("string")) {
    return safe`must be a list of strings`;
  }
  if (values) {
    return safe`must be a map from names to values`;
  }
  const names = types.filter((type) => type !== "null").map((type) => TYPES[type] ?? type);
  return safe`must be ${enumerate(names, "or")}`;
}

const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  object: "a map",
  string: "a string",
};

function howTo(value: unknown, { types = [], items, values }: Shape): Safe {
  if (items?.fields) {
    const names = Object.keys(items.fields).map((name) => `${name}: …`);
    return safe`Write each item as {${names.join(", ")}}.`;
  }
  const isNumber = types.includes("integer") || types.includes("number");
  if (value === null) {
    return safe`Remove it, or give it a value.`;
  }
  if (isNumber && typeof value === "string") {
    const number = Number.parseFloat(value);
    return Number.isFinite(number)
      ? safe`Write ${number}, without quotation marks or a unit.`
      : safe`Write a number.`;
  }
  if (isNumber && typeof value === "number") {
    return safe`Write ${Math.ceil(value)}.`;
  }
  if (types.includes("boolean")) {
    return safe`Write true or false, without quotation marks.`;
  }
  if (items && typeof value === "string") {
    return safe`Write it as a list, with one item for each word or value.`;
  }
  if (values && Array.isArray(value)) {
    return safe`Write it as one map, with NAME: value for each item.`;
  }
  if (types.includes("string") && typeof value !== "object") {
    return safe`Put it in quotation marks.`;
  }
  return safe`Write it as ${enumerate(
    types.map((type) => TYPES[type] ?? type),
    "or",
  )}.`;
}

/** The top-level field of a path. */
function fieldOf(path: string): string {
  return path.split("[", 1).join("");
}

function typeOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "array";
  }
  return Number.isInteger(value) ? "integer" : typeof value;
}
