import sglang from "./sglang-options.json";
import vllm from "./vllm-options.json";

/** The values that an option takes: none, one, one or more, or an optional one. */
export type OptionKind = "none" | "value" | "many" | "optional";

/** An option of a server's command line. */
export interface ServerOption {
  /** With its dashes, for example `"--max-model-len"`. */
  readonly name: string;
  readonly kind: OptionKind;
  /** null for any string, and for types with a custom check. */
  readonly type: "int" | "float" | null;
  /** The allowed values; null if others are also allowed. */
  readonly choices: readonly string[] | null;
}

export type OptionServer = "vllm" | "sglang";

/**
 * The options of a server release. Not every release is in the table: a release between two that are
 * has the options of both, and may have the options of only one.
 */
export interface ServerOptions {
  /** Options that the release certainly has, by name. */
  readonly known: ReadonlyMap<string, ServerOption>;
  /** Options that the release may also have, by name. */
  readonly perhaps: ReadonlyMap<string, ServerOption>;
  /** Whether the model may be given without `--model`; null if not known. */
  readonly takesModel: boolean | null;
}

/** The option found; or whether the release may have it, or does not have it. */
export type FoundOption = ServerOption | "perhaps" | "unknown";

/**
 * The options of a release such as `"0.20.0"`; null for releases older or newer than all in the table.
 *
 * @example
 * serverOptions("vllm", "0.21.0")?.known.get("--port") // { kind: "value", type: "int", … }
 */
export function serverOptions(server: OptionServer, release: string): ServerOptions | null {
  const before = remembered.get(`${server} ${release}`);
  if (before !== undefined) return before;
  const options = readOptions(TABLES[server], release);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(`${server} ${release}`, options);
  return options;
}

/** The options of all releases in the table, each as in the newest one that has it. */
export function everyOption(server: OptionServer): ReadonlyMap<string, ServerOption> {
  const table = TABLES[server];
  return new Map(table.releases.flatMap((_, release) => [...atRelease(table, release)]));
}

/**
 * Finds an option as Python's argparse does: `--some_name` for `--some-name`, `--name.key` for a key
 * of its value, `-O3`, and an unambiguous prefix of a name.
 */
export function findOption(options: ServerOptions, written: string): FoundOption {
  const [start = ""] = written.split(/[.=]/, 1);
  const name = start.startsWith("--") ? start.replaceAll("_", "-") : start;
  const { known, perhaps } = options;
  const exact = known.get(name);
  if (exact) return exact;
  if (perhaps.has(name)) return "perhaps";
  // Releases differ in how they read `-O3`.
  if (/^-O\d$/.test(name)) return "perhaps";
  if (!name.startsWith("--")) {
    const letter = known.get(name.slice(0, 2));
    return letter ?? "unknown";
  }
  // Releases differ in how they name the opposite of a switch.
  const positive = name.replace(/^--(?:no-)?(?:disable-)?/, "");
  if ([`--${positive}`, `--enable-${positive}`].some((other) => known.has(other))) return "perhaps";
  const longer = [...known.keys(), ...perhaps.keys()].filter((other) => other.startsWith(name));
  const [only] = longer;
  if (longer.length > 1) return "perhaps";
  return only === undefined ? "unknown" : (known.get(only) ?? "perhaps");
}

const TABLES: Readonly<Record<OptionServer, Table>> = { vllm, sglang };
const remembered = new Map<string, ServerOptions | null>();
const MAX_REMEMBERED = 100;

interface Table {
  readonly releases: readonly string[];
  /** The first release in the table whose parser accepts the model without `--model`. */
  readonly modelTagSince?: string;
  readonly choices: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

function readOptions(table: Table, release: string): ServerOptions | null {
  const { releases, modelTagSince } = table;
  const next = releases.findIndex((read) => compare(read, release) >= 0);
  if (next < 0 || (next === 0 && releases[0] !== release)) return null;
  const isRead = releases[next] === release;
  const [after, before] = [atRelease(table, next), atRelease(table, isRead ? next : next - 1)];
  const known = new Map([...after].filter(([name]) => before.has(name)));
  const perhaps = [...before, ...after].filter(([name]) => !known.has(name));
  const since = releases.indexOf(modelTagSince ?? "");
  const takesModel = [isRead ? next : next - 1, next].map((at) => at >= since);
  return {
    known: new Map([...known].map(([name, option]) => [name, common(option, before.get(name))])),
    perhaps: new Map(perhaps),
    takesModel: takesModel[0] === takesModel[1] ? (takesModel[0] ?? null) : null,
  };
}

/** What an option has in common in two releases. */
function common(option: ServerOption, other: ServerOption = option): ServerOption {
  const { name, type, choices } = option;
  const hasType = other.type === type;
  const all = choices && other.choices && [...new Set([...choices, ...other.choices])];
  const kind = other.kind === option.kind ? option.kind : "optional";
  return { name, kind, type: hasType ? type : null, choices: all };
}

function atRelease(table: Table, release: number): Map<string, ServerOption> {
  const found = Object.entries(table.options).flatMap(([name, written]) =>
    written.split("; ").flatMap((row): [string, ServerOption][] => {
      const [, kind, type, list, from, to] = ROW.exec(row) ?? [];
      const isThere = from === undefined || (Number(from) <= release && release <= Number(to));
      if (!isThere) return [];
      const choices = table.choices[Number(list)]?.split(" ") ?? null;
      const option = { name, kind: kind as OptionKind, type: (type as "int") ?? null, choices };
      return [[name, option]];
    }),
  );
  return new Map(found);
}

const ROW = /(\w+)(?::(\w+))?(?:#(\d+))?(?: (\d+)-(\d+))?/;

/** Compares dotted versions with `post` releases: `0.5.10` is after `0.5.6.post2`. */
function compare(a: string, b: string): number {
  const parts = (release: string) => release.replace("post", "").split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
