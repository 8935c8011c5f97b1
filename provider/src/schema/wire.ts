import {
  type Field,
  type FieldTable,
  type Reported,
  rowsOf,
  type Values,
  type Wire,
} from "./field";

/**
 * The request body for some of the inputs. An input without a value clears RunPod's value if that
 * can be cleared. Inputs that are mapped by hand are not in it.
 * @param fields the inputs to send. By default, those that have a value
 */
export function toWire<T, W extends Wire>(
  table: FieldTable<T, W>,
  inputs: object,
  fields?: readonly (keyof T & string)[],
): Partial<W["request"]> {
  const rows = rowsOf(table);
  const values = inputs as Values;
  const body: Values = {};
  for (const field of fields ?? Object.keys(rows).filter((name) => values[name] !== undefined)) {
    const { wire, cleared } = rows[field] ?? {};
    const value = values[field] ?? cleared;
    if (wire !== undefined && value !== undefined) {
      put(body, wire.split("."), value);
    }
  }
  return body as Partial<W["request"]>;
}

/**
 * An object's inputs as RunPod reports them, without values that are missing or not valid for their
 * field.
 * @param byHand the inputs that no row maps; undefined counts as not reported
 */
export function fromWire<T, W extends Wire>(
  table: FieldTable<T, W>,
  object: W["answer"],
  byHand: Reported<NoInfer<T>>,
): Reported<T> {
  const rows = rowsOf(table);
  const mapped = Object.entries(rows).flatMap(([field, { wire, observed }]) =>
    wire !== undefined && observed ? [[field, at(object, wire.split("."))] as const] : [],
  );
  const found: Values = { ...Object.fromEntries(mapped), ...byHand };
  const isUsable = ([field, value]: [string, unknown]) =>
    value !== undefined &&
    (rows[field]?.secret !== undefined || rows[field]?.value.safeParse(value).success);
  return Object.fromEntries(Object.entries(found).filter(isUsable)) as Reported<T>;
}

/** The places of these tables' inputs in v2 bodies, by name, the usual place first. */
export function wirePlaces(...tables: readonly FieldTable<object>[]): Record<string, string[][]> {
  const places: Record<string, Set<string>> = {};
  for (const [field, { wire, at: others = [] }] of tables.flatMap(entriesOf)) {
    const known = places[field] ?? [];
    places[field] = new Set([...known, ...(wire === undefined ? others : [wire, ...others])]);
  }
  const split = (paths: Set<string>) => [...paths].map((path) => path.split("."));
  return Object.fromEntries(Object.entries(places).map(([field, paths]) => [field, split(paths)]));
}

function entriesOf(table: FieldTable<object>): [string, Field][] {
  return Object.entries(rowsOf(table));
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => Object(inner)[key as keyof object], object);
}

function put(body: Values, [head = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    body[head] = value;
    return;
  }
  const inner = (body[head] ?? {}) as Values;
  body[head] = inner;
  put(inner, rest, value);
}
