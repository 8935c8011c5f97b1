import type { Safe } from "@runpod-stack/kit";
import { type Knowledge, NOTHING } from "./knowledge";
import { isRecord } from "./known";
import { MAX_VIOLATIONS } from "./limits";
import type { Finding, Item, Level, Rule, Severity } from "./rule";
import { rules } from "./rules";
import { unrecognized } from "./rules/unjudged";
import { learned, type Setting, type Settings } from "./settings";
import { configuredWaivers, expiries, today, type Waiver, waiverFor } from "./waivers";

/** A rule violation. */
export interface Violation {
  readonly rule: string;
  readonly level: Exclude<Level, "disabled">;
  readonly severity: Severity;
  /** The resource; undefined for all resources together. */
  readonly item: Item | undefined;
  readonly field: string;
  readonly message: Safe;
  readonly remedy: Safe;
  /** Why the resource was not fully checked, as a clause; undefined if it was. */
  readonly unjudged?: Safe | undefined;
}

/** A waived violation, which does not count. */
export interface Waived extends Violation {
  readonly waiver: Waiver;
}

/** The result of checking resources that belong together. */
export interface Judgement {
  readonly violations: readonly Violation[];
  readonly waived: readonly Waived[];
  /** Containers that no rule recognizes as a model server, each with why, as a clause. */
  readonly unrecognized: readonly { readonly item: Item; readonly why: Safe }[];
  /** Number of applied rules. */
  readonly rules: number;
}

/** Checks resources that belong together. Leaves out waived violations. */
export function judge(items: readonly Item[], settings: Settings): readonly Violation[] {
  return judgement(items, settings).violations;
}

/**
 * Checks resources that belong together. Stops after one violation more than a report can hold.
 * @param day the date for waivers. @default today
 */
export function judgement(
  items: readonly Item[],
  settings: Settings,
  day: string = today(),
): Judgement {
  const configured = new Map(
    [...settings].map(([rule, { options }]) => [rule, configuredWaivers(options)]),
  );
  const violations: Violation[] = [];
  const waived: Waived[] = [];
  const knowledge = [...settings.values()].reduce(
    (before, { options }) => learned(before, options),
    NOTHING,
  );
  for (const violation of eachViolation(items, settings, knowledge)) {
    if (violations.length > MAX_VIOLATIONS) {
      break;
    }
    const { rule, item } = violation;
    const waiver = waiverFor(rule, item, configured.get(rule) ?? [], day);
    if (waiver === undefined) {
      violations.push(violation);
    } else {
      waived.push({ ...violation, waiver });
    }
  }
  const applied = [...settings.values()].filter(({ level }) => level !== "disabled").length;
  return {
    violations: [...violations, ...expired(settings, configured, day)],
    waived,
    unrecognized: items.flatMap((item) => {
      const why = unrecognized(item.spec, knowledge);
      return why === undefined ? [] : [{ item, why }];
    }),
    rules: applied,
  };
}

/** The level of an uncertain finding; undefined if the rule's own level applies. */
export function ownLevel(
  { certainty }: Finding,
  options: unknown,
): "mandatory" | "advisory" | undefined {
  if (certainty === "certain") {
    return undefined;
  }
  const isRefused = isRecord(options) && options["doubts"] === "mandatory";
  return certainty === "doubtful" && isRefused ? "mandatory" : "advisory";
}

/** Yields one at a time, because all violations together may not fit in memory. */
function* eachViolation(
  items: readonly Item[],
  settings: Settings,
  knowledge: Knowledge,
): Generator<Violation> {
  for (const rule of rules) {
    const setting = enabled(settings, rule);
    if (setting === undefined) {
      continue;
    }
    for (const item of items) {
      for (const found of rule.check?.(item.spec, setting.options, knowledge) ?? []) {
        yield violationOf(rule, setting, { ...found, item });
      }
    }
    for (const found of rule.checkStack?.(items, setting.options, knowledge) ?? []) {
      yield violationOf(rule, setting, found);
    }
  }
}

/** A rule's setting, unless it is disabled. */
interface Enabled extends Setting {
  readonly level: Violation["level"];
}

function enabled(settings: Settings, { name }: Rule): Enabled | undefined {
  const { level = "disabled", options = {} } = settings.get(name) ?? {};
  return level === "disabled" ? undefined : { level, options };
}

function violationOf(
  { name, severity }: Rule,
  { level, options }: Enabled,
  found: Finding & { readonly item?: Item },
): Violation {
  const { item, field, message, remedy, unjudged } = found;
  const own = ownLevel(found, options) ?? level;
  return { rule: name, level: own, severity, item, field, message, remedy, unjudged };
}

/** Violations for the configuration's expired waivers. */
function expired(
  settings: Settings,
  configured: ReadonlyMap<string, readonly Waiver[]>,
  day: string,
): Violation[] {
  const valid = rules.find(({ name }) => name === "waiver-valid");
  const setting = valid && enabled(settings, valid);
  if (valid === undefined || setting === undefined) {
    return [];
  }
  return [...configured].flatMap(([rule, waivers]) =>
    expiries(rule, waivers, day).map((found) => violationOf(valid, setting, found)),
  );
}
