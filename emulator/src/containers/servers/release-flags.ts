import {
  everyOption,
  type OptionServer,
  type ServerOption,
  serverOptions,
} from "@runpod-stack/models/data/server-options";
import { remembered } from "../../core/remembered";
import type { FlagKind, FlagTable } from "../argparse";

/** Flags of a release as its own parser declares them. */
export interface ReleaseFlags extends Pick<FlagTable, "kinds" | "aliases"> {
  wrongValue(name: string, value: string): string | null;
}

/**
 * The flags of a server by release: of one between two that were read, those of either; of an older
 * or newer one, those of all releases.
 *
 * @param short full names by the one-dash names that stand for them
 */
export function releaseFlags(
  server: OptionServer,
  short: Readonly<Record<string, string>>,
): (release: string) => ReleaseFlags {
  return remembered(MAX_REMEMBERED, (release) => read(optionsOf(server, release), short));
}

const MAX_REMEMBERED = 100;

function optionsOf(server: OptionServer, release: string): ReadonlyMap<string, ServerOption> {
  const options = serverOptions(server, release);
  return options === null ? everyOption(server) : new Map([...options.perhaps, ...options.known]);
}

function read(
  options: ReadonlyMap<string, ServerOption>,
  short: Readonly<Record<string, string>>,
): ReleaseFlags {
  const long = [...options.values()].filter(({ name }) => name.startsWith("--"));
  const known = Object.entries(short).filter(([name]) => options.has(name));
  return {
    kinds: new Map(long.map(({ name, kind }) => [name.slice(2), KINDS[kind]])),
    aliases: Object.fromEntries(known),
    wrongValue: (name, value) => wrongValue(options.get(`--${name}`), value),
  };
}

const KINDS: Readonly<Record<ServerOption["kind"], FlagKind>> = {
  none: "switch",
  value: "value",
  optional: "optional",
  many: "values",
};

function wrongValue(option: ServerOption | undefined, value: string): string | null {
  if (option?.type === "int" && !/^\s*[-+]?\d+(?:_\d+)*\s*$/.test(value)) {
    return `invalid int value: '${value}'`;
  }
  if (option?.type === "float" && !isFloat(value)) {
    return `invalid float value: '${value}'`;
  }
  const { choices = null, type = null } = option ?? {};
  const given = type === "int" ? String(Number(value)) : value;
  if (choices === null || choices.includes(given)) {
    return null;
  }
  const shown = type === "int" ? given : `'${value}'`;
  return `invalid choice: ${shown} (choose from ${choices.join(", ")})`;
}

/** As Python reads it. */
function isFloat(text: string): boolean {
  const trimmed = text.trim().replace(/(?<=\d)_(?=\d)/g, "");
  return (
    /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(trimmed) ||
    /^[-+]?(?:inf|infinity|nan)$/i.test(trimmed)
  );
}
