/** How many values a flag takes: none, one, or all up to the next flag. */
export type FlagKind = "switch" | "value" | "values";

export interface CommandLine {
  /** By the flag's full name without dashes. A switch holds an empty list. */
  flags: ReadonlyMap<string, readonly string[]>;
  positionals: readonly string[];
  /** Arguments that look like flags and are not. */
  unrecognized: readonly string[];
  /** The error that argparse would print about a flag's value, or null. */
  error: string | null;
}

export interface FlagTable {
  kinds: ReadonlyMap<string, FlagKind>;
  /** Short or second names, with their dashes, by the name they stand for. */
  aliases: Readonly<Record<string, string>>;
  /** How many positional arguments are accepted. */
  positionals: number;
}

/** Reads arguments as Python's argparse does, with `--a_b` for `--a-b` and unique beginnings of names allowed. */
export function parseCommandLine(args: readonly string[], table: FlagTable): CommandLine {
  const flags = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  const unrecognized: string[] = [];
  let error: string | null = null;
  for (let i = 0; i < args.length; ) {
    const arg = args[i++] ?? "";
    if (!looksLikeFlag(arg)) {
      (positionals.length < table.positionals ? positionals : unrecognized).push(arg);
      continue;
    }
    const [written, inline] = splitFlag(arg, table);
    const name = resolve(written, table);
    if (name === null) {
      unrecognized.push(arg);
      continue;
    }
    const kind = table.kinds.get(name) ?? "value";
    const values = inline === undefined ? [] : [inline];
    while (inline === undefined && i < args.length && !looksLikeFlag(args[i] ?? "")) {
      if (kind === "switch" || (kind === "value" && values.length === 1)) {
        break;
      }
      values.push(args[i++] ?? "");
    }
    if (kind !== "switch" && values.length === 0) {
      error ??= `argument --${name}: expected ${kind === "value" ? "one argument" : "at least one argument"}`;
    }
    flags.set(name, values);
  }
  return { flags, positionals, unrecognized, error };
}

/** The table of kinds, from space-separated names. */
export function flagKinds(names: Record<FlagKind, string>): ReadonlyMap<string, FlagKind> {
  const kinds = new Map<string, FlagKind>();
  for (const kind of ["switch", "value", "values"] as const) {
    for (const name of names[kind].split(/\s+/).filter(Boolean)) {
      kinds.set(name, kind);
    }
  }
  return kinds;
}

function resolve(written: string, table: FlagTable): string | null {
  const alias = table.aliases[written];
  if (alias !== undefined) {
    return alias;
  }
  if (!written.startsWith("--")) {
    return null;
  }
  // `--compilation-config.mode` sets a key of a flag that takes JSON.
  const name = written.slice(2).replaceAll("_", "-").split(".")[0] ?? "";
  if (table.kinds.has(name)) {
    return name;
  }
  if (name.startsWith("no-") && table.kinds.get(name.slice(3)) === "switch") {
    return name;
  }
  const longer = [...table.kinds.keys()].filter((known) => known.startsWith(name));
  return longer.length === 1 ? (longer[0] ?? null) : null;
}

/** `-1` and `-0.5` are values. */
function looksLikeFlag(arg: string): boolean {
  return arg.startsWith("-") && arg !== "-" && !/^-(?:\d+|\d*\.\d+)$/.test(arg);
}

/** Splits `--flag=value`, and `-O3` where `-O` is a name. */
function splitFlag(arg: string, table: FlagTable): [string, string | undefined] {
  const at = arg.indexOf("=");
  if (at >= 0) {
    return [arg.slice(0, at), arg.slice(at + 1)];
  }
  const letter = arg.slice(0, 2);
  const attached = !(arg in table.aliases) && letter !== arg && letter in table.aliases;
  return attached ? [letter, arg.slice(2)] : [arg, undefined];
}
