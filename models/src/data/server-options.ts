import sglang from "./sglang-options.json";
import vllm from "./vllm-options.json";

/** What follows an option: nothing, one value, one or more, or one that may be left out. */
export type OptionKind = "none" | "value" | "many" | "optional";

/** An option of a server's command line. */
export interface ServerOption {
  /** With its dashes, as `"--max-model-len"`. */
  readonly name: string;
  readonly kind: OptionKind;
  /** null for any string, and for types that the parser checks by other code. */
  readonly type: "int" | "float" | null;
  /** The values that it takes; null if it takes others as well. */
  readonly choices: readonly string[] | null;
}

export type OptionServer = "vllm" | "sglang";

/**
 * The options that a release of a server knows. Not every release was read: one between two that
 * were read knows what both know, and may know what one of them knows.
 */
export interface ServerOptions {
  /** Those that the release knows for certain, by name. */
  readonly known: ReadonlyMap<string, ServerOption>;
  /** Those that it may know as well, by name. */
  readonly perhaps: ReadonlyMap<string, ServerOption>;
  /** Whether the model may stand alone, without `--model`; null if that is not known. */
  readonly takesModel: boolean | null;
}

/** An option as written: found, possibly known, or none of this release. */
export type FoundOption = ServerOption | "perhaps" | "unknown";

/**
 * The options of a release, as `"0.20.0"`; null for releases older or newer than all that were read.
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

/** The options of all releases that were read, each as in the newest one that knows it. */
export function everyOption(server: OptionServer): ReadonlyMap<string, ServerOption> {
  const table = TABLES[server];
  return new Map(table.releases.flatMap((_, release) => [...atRelease(table, release)]));
}

/**
 * Finds an option as Python's argparse does: `--some_name` for `--some-name`, `--name.key` for a key
 * of its value, `-O3`, and the beginning of a name that no other name has.
 */
export function findOption(options: ServerOptions, written: string): FoundOption {
  const [name = ""] = dashed(written).split(/[.=]/, 1);
  const { known, perhaps } = options;
  const exact = known.get(name);
  if (exact) return exact;
  if (perhaps.has(name)) return "perhaps";
  // Releases read `-O3` in their own ways.
  if (/^-O\d$/.test(name)) return "perhaps";
  if (!name.startsWith("--")) {
    const letter = known.get(name.slice(0, 2));
    return name.length > 2 && letter !== undefined ? letter : "unknown";
  }
  // Releases differ in how they write the opposite of a switch.
  const [, positive] = /^--(?:no-)?(?:disable-)?(.*)$/.exec(name) ?? [];
  if ([`--${positive}`, `--enable-${positive}`].some((other) => known.has(other))) return "perhaps";
  const longer = [...known.keys(), ...perhaps.keys()].filter((other) => other.startsWith(name));
  const [only] = longer;
  if (longer.length > 1) return "perhaps";
  return only === undefined ? "unknown" : (known.get(only) ?? "perhaps");
}

/** `--some_name=a_b` as `--some-name=a_b`. */
function dashed(written: string): string {
  const equals = written.indexOf("=");
  const name = equals < 0 ? written : written.slice(0, equals);
  return (name.startsWith("--") ? name.replaceAll("_", "-") : name) + written.slice(name.length);
}

const TABLES: Readonly<Record<OptionServer, Table>> = { vllm, sglang };
const remembered = new Map<string, ServerOptions | null>();
const MAX_REMEMBERED = 100;

interface Table {
  readonly releases: readonly string[];
  /** The first release that was read whose parser takes the model alone. */
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
  const since = modelTagSince === undefined ? 0 : releases.indexOf(modelTagSince);
  const takesModel = [isRead ? next : next - 1, next].map((at) => at >= since);
  return {
    known: new Map([...known].map(([name, option]) => [name, common(option, before.get(name))])),
    perhaps: new Map(perhaps),
    takesModel: takesModel[0] === takesModel[1] ? (takesModel[0] ?? null) : null,
  };
}

/** What two releases have in common of an option. */
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
      const choices = list === undefined ? null : (table.choices[Number(list)]?.split(" ") ?? null);
      const option = { name, kind: kind as OptionKind, type: (type as "int") ?? null, choices };
      return [[name, option]];
    }),
  );
  return new Map(found);
}

const ROW = /^(\w+)(?::(\w+))?(?:#(\d+))?(?: (\d+)-(\d+))?$/;

/** Dotted numbers with `post` releases: `0.5.10` is after `0.5.6.post2`. */
function compare(a: string, b: string): number {
  const parts = (release: string) => release.replace("post", "").split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
