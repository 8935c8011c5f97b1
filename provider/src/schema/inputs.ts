import {
  type Field,
  type FieldTable,
  isDisruptive,
  type Previewed,
  rowsOf,
  type Stored,
  type Values,
} from "./field";
import { isHidden } from "./hidden";
import { type Problem, problem, type Rule } from "./rules";
import { seal } from "./sealing";
import { hasUnknown, isUnknown } from "./unknown";

/** A program's inputs, and what is wrong with them. */
export interface Checked<T> {
  readonly inputs: Previewed<T>;
  readonly problems: readonly Problem[];
}

/**
 * Validates a program's inputs against a field table and rules, and fills in defaults. A default in
 * force stays until the program sets the field, so that a newer release with another default
 * changes nothing that exists. So does any other known value whose change would restart or replace
 * the object.
 * @param old the checked inputs of the last update, empty on create
 * @param extraDefaults defaults that depend on other inputs, by field
 */
export function checkInputs<T>(
  table: FieldTable<T>,
  rules: readonly Rule<T>[],
  old: Stored<T>,
  given: Values,
  extraDefaults: (inputs: Previewed<T>) => Previewed<T> = () => ({}),
): Checked<T> {
  const fields = Object.entries(rowsOf(table));
  const inputs: Values = {};
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) {
      continue;
    }
    inputs[key] = value;
    if (!isHidden(key) && !Object.hasOwn(table, key)) {
      problems.push(
        problem(key, undefined, `is not an input of this resource. ${suggestion(key, table)}`),
      );
    }
  }
  for (const [name, field] of fields) {
    if (inputs[name] !== undefined) {
      problems.push(...fieldProblems(name, field, inputs[name]));
    } else if (field.required) {
      problems.push(problem(name, undefined, "is required"));
    }
  }
  const defaults = withDefaults(fields, old, inputs, extraDefaults);
  // A value of the wrong type is reported once, not again by every rule that reads it.
  const broken = new Set(problems.map(({ field }) => field));
  for (const rule of rules) {
    problems.push(
      ...rule({ ...inputs, ...defaults } as Previewed<T>, old).filter(
        ({ field }) => !broken.has(field),
      ),
    );
  }
  const filled = Object.keys(defaults).sort();
  return {
    inputs: {
      ...inputs,
      ...defaults,
      ...(filled.length > 0 && { __defaults: filled }),
    } as Previewed<T>,
    problems,
  };
}

/** Seals every secret input, whether or not the program marked it as secret. */
export function sealInputs<T>(table: FieldTable<T>, inputs: Values): Values {
  const sealed: Values = { ...inputs };
  for (const [name, field] of Object.entries(rowsOf(table))) {
    const value = inputs[name];
    if (value === undefined || field.secret === undefined || isUnknown(value)) {
      continue;
    }
    sealed[name] = field.secret === "whole" ? seal(value) : sealValues(value);
  }
  return sealed;
}

/** Seals each secret output as a whole, so that no difference shows inside it. */
export function sealOutputs<T>(table: FieldTable<T>, outputs: Values): Values {
  const secret = Object.entries(rowsOf(table)).filter(
    ([name, field]) => field.secret !== undefined && outputs[name] !== undefined,
  );
  return { ...outputs, ...Object.fromEntries(secret.map(([name]) => [name, seal(outputs[name])])) };
}

/** Picks the inputs from stored properties: the fields of the table, and no outputs. */
export function pickInputs<T>(table: FieldTable<T>, properties: Values): Values {
  const picked: Values = {};
  for (const name of Object.keys(table)) {
    if (properties[name] !== undefined) {
      picked[name] = properties[name];
    }
  }
  return picked;
}

function withDefaults<T>(
  fields: readonly (readonly [string, Field])[],
  old: Values,
  inputs: Values,
  extraDefaults: (inputs: Previewed<T>) => Previewed<T>,
): Values {
  const inForce = new Set(Array.isArray(old["__defaults"]) ? old["__defaults"] : []);
  const constant = fields.flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default] as const],
  );
  const extra = extraDefaults({ ...Object.fromEntries(constant), ...inputs } as Previewed<T>);
  const defaults: Values = {};
  for (const [name, value] of [...constant, ...Object.entries(extra)]) {
    if (inputs[name] !== undefined || value === undefined) {
      continue;
    }
    // A refresh found that the default was changed; the next update restores it.
    const was = Object(old["__was"])[name];
    const isKept = inForce.has(name) || isDisruptive(Object.fromEntries(fields)[name]);
    const isKnown = old[name] !== undefined && !isUnknown(old[name]);
    defaults[name] = was ?? (isKept && isKnown ? old[name] : value);
  }
  return defaults;
}

/** What is wrong with one value. */
export function fieldProblems(
  name: string,
  field: Pick<Field, "value" | "secret">,
  value: unknown,
): Problem[] {
  if (isUnknown(value)) {
    return [];
  }
  const result = field.value.safeParse(value);
  if (result.success) {
    return [];
  }
  return result.error.issues
    .filter((issue) => !hasUnknown(at(value, issue.path)))
    .map((issue) => {
      const where = issue.path
        .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
        .join("");
      const found = at(value, issue.path);
      const shown = field.secret !== undefined ? undefined : found;
      const { message } = problem(`${name}${where}`, shown, issue.message);
      return { field: name, message };
    });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => Object(inner)[key as keyof object], value);
}

function sealValues(value: unknown): unknown {
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isUnknown(item) ? item : seal(item)]),
  );
}

/** What to do about a name that is not in a table. */
export function suggestion(key: string, table: object): string {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, "");
  const near = Object.keys(table).find(
    (name) =>
      plain(name) === plain(key) ||
      plain(name).includes(plain(key)) ||
      plain(key).includes(plain(name)),
  );
  return near ? `Did you mean ${near}?` : "Remove it";
}
