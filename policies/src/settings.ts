import { suggestions } from "@runpod-stack/provider/schema";
import type { Knowledge } from "./knowledge";
import { isRecord } from "./known";
import type { Level, Option, Options, Rule } from "./rule";
import { rules } from "./rules";
import { waiverProblems } from "./waivers";
import { enumerate } from "./words";

export type Preset = "default" | "strict";

/** Configuration for Pulumi's --policy-pack-config: a level or options by rule, or for `all`. */
export type Config = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

/** A rule's level and options. */
export interface Setting {
  readonly level: Level;
  readonly options: Options;
}

export type Settings = ReadonlyMap<string, Setting>;

/** `remediate` changes what Pulumi deploys. Without a deployment, it refuses what it would change. */
const LEVELS: Readonly<Record<string, Level>> = {
  mandatory: "mandatory",
  advisory: "advisory",
  disabled: "disabled",
  remediate: "mandatory",
};

/** A preset as configuration. In `strict`, every rule and every doubtful finding is mandatory. */
export function presetConfig(preset: Preset): Config {
  if (preset === "default") {
    return {};
  }
  const doubting = rules.filter(({ options }) => "doubts" in options);
  const doubts = doubting.map(({ name }) => [name, { doubts: "mandatory" }] as const);
  return { all: "mandatory", ...Object.fromEntries(doubts) };
}

/**
 * The settings of each rule: its defaults, then the configurations, of which later ones win.
 * Waivers add up.
 */
export function settingsOf(...configs: readonly Config[]): Settings {
  const settings = new Map<string, Setting>(
    rules.map(({ name, level, options }) => [name, { level, options: defaults(options) }]),
  );
  for (const config of configs) {
    const all = levelOf(config["all"]);
    for (const [name, setting] of settings) {
      const own = Object.hasOwn(config, name) ? config[name] : undefined;
      const { enforcementLevel: _, ...options } = isRecord(own) ? own : {};
      settings.set(name, {
        level: levelOf(own) ?? all ?? setting.level,
        options: { ...setting.options, ...options, ...bothWaivers(setting.options, options) },
      });
    }
  }
  return settings;
}

/** Merges configurations into one for Pulumi. */
export function mergedConfig(configs: readonly Config[]): Config {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const config of configs) {
    const all = config["all"];
    if (all !== undefined) {
      for (const own of Object.values(merged)) {
        delete own["enforcementLevel"];
      }
    }
    for (const [name, own] of Object.entries(config)) {
      const before = merged[name] ?? {};
      const given = isRecord(own) ? own : { enforcementLevel: own };
      merged[name] = { ...before, ...given, ...bothWaivers(before, given) };
    }
  }
  return merged;
}

function bothWaivers(one: Options, other: Options): { waivers?: unknown[] } {
  const waivers = [one, other].flatMap((options) => options["waivers"] ?? []);
  return waivers.length > 0 ? { waivers } : {};
}

/** Adds the models, images and prices in a rule's options, which all rules use. */
export function learned(knowledge: Knowledge, options: Options): Knowledge {
  const { models, images, prices } = options as Partial<Knowledge>;
  // Return the same object if nothing is new, because results are cached by it.
  if (models === undefined && images === undefined && prices === undefined) {
    return knowledge;
  }
  return {
    ...knowledge,
    ...(models && { models }),
    ...(images && { images }),
    ...(prices && { prices: isRecord(prices.gpus) ? prices : undefined }),
  };
}

/** The default values of a rule's options. */
export function defaults(options: Rule["options"]): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, option.default]),
  );
}

/** Problems in a configuration, as messages for its author. */
export function configProblems(config: unknown): string[] {
  if (!isRecord(config)) {
    return ["The configuration must be a map from rules to levels or options."];
  }
  return Object.entries(config).flatMap(([name, own]) => {
    const rule = rules.find((other) => other.name === name);
    if (rule === undefined && name !== "all") {
      return [`${name}: there is no such rule. ${meantRule(name)}`];
    }
    const level = isRecord(own) ? own["enforcementLevel"] : own;
    const isLevel =
      level === undefined || (typeof level === "string" && Object.hasOwn(LEVELS, level));
    const problems = isLevel
      ? []
      : [`${name}: the level must be ${enumerate(Object.keys(LEVELS), "or")}.`];
    const { enforcementLevel: _, ...options } = isRecord(own) ? own : {};
    return [...problems, ...optionProblems(name, options, rule?.options ?? {})];
  });
}

/** A suggestion for an unknown rule name. */
export function meantRule(name: string): string {
  const names = rules.map((rule) => rule.name);
  return (
    meant(name, names) || "`npx -p @runpod-stack/policies runpod-policies explain` lists all rules."
  );
}

function meant(name: string, known: readonly string[]): string {
  const near = suggestions(name, known);
  return near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "";
}

function levelOf(own: unknown): Level | undefined {
  const level = isRecord(own) ? own["enforcementLevel"] : own;
  return typeof level === "string" && Object.hasOwn(LEVELS, level) ? LEVELS[level] : undefined;
}

/** Problems in a rule's options. */
export function optionProblems(rule: string, given: Options, options: Rule["options"]): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (name === "waivers" && rule !== "all") {
      return waiverProblems(value, ["resource"]).map((problem) => {
        const clause = problem.startsWith("[") ? problem : ` ${problem}`;
        return `${rule}: waivers${clause}.`;
      });
    }
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      const hint = rule === "all" ? "" : meant(name, [...Object.keys(options), "waivers"]);
      return [`${rule}: there is no option ${name}. ${hint}`.trimEnd()];
    }
    if (isOfType(value, option)) {
      return [];
    }
    const what = option.enum?.join(" or ") ?? `of type ${option.type}`;
    const keys = option.required ? ` with ${option.required.join(" and ")}` : "";
    const values = option.additionalProperties;
    const each = values ? ` with values of type ${values.type}` : "";
    return [`${rule}: ${name} must be ${what}${keys}${each}.`];
  });
}

function isOfType(value: unknown, option: Option): boolean {
  const { type, enum: words, items, minimum, required = [], additionalProperties } = option;
  if (type === "array") {
    return Array.isArray(value) && value.every((item) => typeof item === items?.type);
  }
  if (type === "object") {
    if (!isRecord(value) || !required.every((key) => key in value)) {
      return false;
    }
    const { type: each } = additionalProperties ?? {};
    return Object.values(value).every((item) =>
      each === "object" ? isRecord(item) : each === undefined || typeof item === each,
    );
  }
  if (typeof value !== type) {
    return false;
  }
  return (words?.includes(String(value)) ?? true) && !(Number(value) < (minimum ?? -Infinity));
}
