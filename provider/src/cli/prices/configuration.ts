import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { safe } from "@runpod-stack/kit";
import { UnusableInput, unusableFile, withinTree } from "@runpod-stack/kit/command";
import type { PriceTable } from "@runpod-stack/models";

/** The policies' configuration, as Pulumi's --policy-pack-config takes it: rules, with a level or options. */
export type Configuration = Readonly<Record<string, unknown>>;

/** Reads it; empty if there is no such file yet. @throws UnusableInput */
export async function readConfiguration(file: string): Promise<Configuration> {
  let configuration: unknown;
  try {
    configuration = JSON.parse(await readFile(withinTree(file), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    if (error instanceof UnusableInput) throw error;
    // The parser's own message quotes the file.
    throw error instanceof SyntaxError
      ? new UnusableInput(safe`${file} is not JSON.`)
      : unusableFile(file, error);
  }
  const own = isMap(configuration) ? (configuration[RULE] ?? {}) : undefined;
  if (isMap(configuration) && (isMap(own) || typeof own === "string")) return configuration;
  throw new UnusableInput(
    safe`${file} is no configuration of the policies: it must be a map from rules to levels or options, as in {"${RULE}": {"maxPerHour": 5}}.`,
  );
}

/** The configuration with these prices, and with all else that it says. */
export function withPrices(configuration: Configuration, prices: PriceTable): Configuration {
  const own = configuration[RULE];
  const options = typeof own === "string" ? { enforcementLevel: own } : (own as object | undefined);
  return { ...configuration, [RULE]: { ...options, prices } };
}

/** Writes it: the file is either the old one or the new one, never half of it. @throws UnusableInput */
export async function writeConfiguration(file: string, configuration: Configuration) {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, `${JSON.stringify(configuration, null, 2)}\n`, { flag: "wx" });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    const isNowhere = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw unusableFile(isNowhere ? path.dirname(file) : file, error);
  }
}

/** The rule that takes prices; what it is told, stack-cost uses, too. */
const RULE = "hourly-cost";

function isMap(value: unknown): value is Configuration {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
