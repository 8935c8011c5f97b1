import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { safe } from "@runpod-stack/kit";
import { UnusableInput, unusableFile, withinTree } from "@runpod-stack/kit/command";
import type { PriceTable } from "@runpod-stack/models";

/**
 * The policies' configuration, as Pulumi's --policy-pack-config accepts it: rules, with a level or
 * options.
 */
export type Configuration = Readonly<Record<string, unknown>>;

/** Reads the configuration; empty if the file does not exist. @throws UnusableInput */
export async function readConfiguration(file: string): Promise<Configuration> {
  let configuration: unknown;
  try {
    configuration = JSON.parse(await readFile(withinTree(file), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return {};
    }
    if (error instanceof UnusableInput) {
      throw error;
    }
    // The parser's own message quotes the file.
    throw error instanceof SyntaxError
      ? new UnusableInput(safe`${file} is not JSON.`)
      : unusableFile(file, error);
  }
  const own = isMap(configuration) ? (configuration[RULE] ?? {}) : undefined;
  if (isMap(configuration) && (isMap(own) || typeof own === "string")) {
    return configuration;
  }
  throw new UnusableInput(
    safe`${file} is not a configuration of the policies. It must be a map from rules to levels or options, such as {"${RULE}": {"maxPerHour": 5}}.`,
  );
}

/** The configuration with these prices, and otherwise unchanged. */
export function withPrices(configuration: Configuration, prices: PriceTable): Configuration {
  const own = configuration[RULE];
  const options = typeof own === "string" ? { enforcementLevel: own } : (own as object | undefined);
  return { ...configuration, [RULE]: { ...options, prices } };
}

/**
 * Writes the configuration: the file is either the old one or the new one, never half of it.
 * @throws UnusableInput
 */
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

/** The rule that takes prices. stack-cost uses the same ones. */
const RULE = "hourly-cost";

function isMap(value: unknown): value is Configuration {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
