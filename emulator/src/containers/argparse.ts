import { parseAnyJson } from "../core/json";
import { type Fields, isObject } from "./values";
/** How many values a flag takes: none, one, at most one, or all up to the next flag. */
export type FlagKind = "switch" | "value" | "optional" | "values";

export interface CommandLine {
  /** By the flag's full name without dashes. A switch holds an empty list. */
  flags: ReadonlyMap<string, readonly string[]>;
  positionals: readonly string[];
  /** Arguments that look like flags and are not. */
  unrecognized: readonly string[];
  /** The error that argparse would print about a flag or its value, or null. */
  error: string | null;
}

export interface FlagTable {
  kinds: ReadonlyMap<string, FlagKind>;
  /** Short or second names, with their dashes, by the name they stand for. */
  aliases: Readonly<Record<string, string>>;
  /** How many positional arguments are accepted. */
  positionals: number;
  /** What argparse says about a value that the flag does not take, or null. @default any value */
  wrongValue?: (name: string, value: string) => string | null;
  /** The flag in argparse's errors. @default `--name` */
  label?: (name: string) => string;
}

/** Reads arguments as Python's argparse does, with `--a_b` for `--a-b` and unique beginnings of names allowed. */
export function parseCommandLine(args: readonly string[], table: FlagTable): CommandLine {
  const flags = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  const unrecognized: string[] = [];
  let error: string | null = null;
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const read = (word: string) =>
    (positionals.length < table.positionals ? positionals : unrecognized).push(word);
  for (let i = 0; i < end; ) {
    const arg = args[i++] ?? "";
    if (!looksLikeFlag(arg)) {
      read(arg);
      continue;
    }
    const [written, inline] = splitFlag(arg, table);
    const names = resolve(written, table);
    const [name] = names;
    if (name === undefined) {
      unrecognized.push(arg);
      continue;
    }
    if (names.length > 1) {
      const options = names.map((longer) => `--${longer}`).join(", ");
      error ??= `ambiguous option: ${written} could match ${options}`;
      continue;
    }
    const isKey = written.includes(".");
    const kind = isKey ? "value" : (table.kinds.get(name) ?? "value");
    const values = inline === undefined ? [] : [inline];
    while (inline === undefined && i < end && !looksLikeFlag(args[i] ?? "")) {
      if (values.length === MOST_VALUES[kind]) {
        break;
      }
      values.push(args[i++] ?? "");
    }
    const given = isKey ? [withKey(flags.get(name)?.[0], written, values[0] ?? "")] : values;
    const problem = countProblem(kind, values) ?? valueProblem(table, name, given);
    error ??= problem && `argument ${table.label?.(name) ?? `--${name}`}: ${problem}`;
    flags.set(name, given);
  }
  args.slice(end + 1).forEach(read);
  return { flags, positionals, unrecognized, error };
}

/** The table of kinds, from space-separated names. */
export function flagKinds(names: Partial<Record<FlagKind, string>>): ReadonlyMap<string, FlagKind> {
  const kinds = new Map<string, FlagKind>();
  for (const kind of ["switch", "value", "optional", "values"] as const) {
    for (const name of names[kind]?.split(/\s+/).filter(Boolean) ?? []) {
      kinds.set(name, kind);
    }
  }
  return kinds;
}

/** The JSON of a flag whose key a further `--flag.key` sets. */
function withKey(before: string | undefined, written: string, text: string): string {
  const [, ...keys] = written.replace(/\+$/, "").split(".");
  const value = written.endsWith("+") ? text.split(",") : (parseAnyJson(text) ?? text);
  const base = parseAnyJson(before ?? "{}");
  return JSON.stringify(merged(isObject(base) ? base : {}, keys, value));
}

function merged(base: Fields, [key = "", ...rest]: readonly string[], value: unknown): Fields {
  const inner = Object.hasOwn(base, key) ? base[key] : {};
  const below = rest.length === 0 ? value : merged(isObject(inner) ? inner : {}, rest, value);
  return { ...base, [key]: below };
}

const MOST_VALUES = { switch: 0, value: 1, optional: 1, values: Number.POSITIVE_INFINITY };

function countProblem(kind: FlagKind, values: readonly string[]): string | null {
  if (kind === "switch") {
    return values.length > 0 ? `ignored explicit argument '${values[0]}'` : null;
  }
  if (kind === "optional" || values.length > 0) {
    return null;
  }
  return kind === "value" ? "expected one argument" : "expected at least one argument";
}

function valueProblem(table: FlagTable, name: string, values: readonly string[]): string | null {
  for (const value of values) {
    const problem = table.wrongValue?.(name, value) ?? null;
    if (problem !== null) {
      return problem;
    }
  }
  return null;
}

/** The flags that a name may stand for. */
function resolve(written: string, table: FlagTable): string[] {
  // `--compilation-config.mode` sets a key of a flag that takes JSON.
  const [flag = ""] = written.split(".");
  const alias = Object.hasOwn(table.aliases, flag) ? table.aliases[flag] : undefined;
  if (alias !== undefined) {
    return [alias];
  }
  if (!flag.startsWith("--")) {
    return [];
  }
  const name = flag.slice(2).replaceAll("_", "-");
  return table.kinds.has(name)
    ? [name]
    : [...table.kinds.keys()].filter((known) => known.startsWith(name));
}

/** `-1` and `-0.5` are values, and so is what has a blank before its first `=`. */
function looksLikeFlag(arg: string): boolean {
  const [name = ""] = arg.split("=", 1);
  return /^-./.test(arg) && !/^-(?:\d+|\d*\.\d+)$/.test(arg) && !/\s/.test(name);
}

/** Splits `--flag=value`, and `-O3` where `-O` is a name. */
function splitFlag(arg: string, table: FlagTable): [string, string | undefined] {
  const at = arg.indexOf("=");
  if (at >= 0) {
    return [arg.slice(0, at), arg.slice(at + 1)];
  }
  const letter = arg.slice(0, 2);
  const isAlias = (name: string) => Object.hasOwn(table.aliases, name);
  const [whole = ""] = arg.split(".");
  const attached = !isAlias(whole) && letter !== arg && isAlias(letter);
  return attached ? [letter, arg.slice(2)] : [arg, undefined];
}
