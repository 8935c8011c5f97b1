import type { Safe } from "@runpod-stack/kit";
import { NOTHING } from "./knowledge";
import { isRecord } from "./known";
import type { Finding, Item, Level } from "./rule";
import { rules } from "./rules";
import { learned, type Settings } from "./settings";

/** A rule that a resource does not keep. */
export interface Violation {
  readonly rule: string;
  readonly level: Exclude<Level, "disabled">;
  /** The resource; undefined for all of them together. */
  readonly item: Item | undefined;
  readonly field: string;
  readonly message: Safe;
  readonly remedy: Safe;
}

/** What the rules say of resources that belong together. */
export function judge(items: readonly Item[], settings: Settings): Violation[] {
  return [...eachViolation(items, settings)];
}

/** As `judge`, one after the other: all of them may be more than fits into memory. */
export function* eachViolation(items: readonly Item[], settings: Settings): Generator<Violation> {
  const configured = [...settings.values()].map(({ options }) => options);
  const knowledge = configured.reduce(learned, NOTHING);
  for (const rule of rules) {
    const setting = settings.get(rule.name);
    if (setting === undefined || setting.level === "disabled") continue;
    const { options } = setting;
    const violation = (found: Finding, item?: Item): Violation[] => {
      const level = ownLevel(found, options) ?? setting.level;
      if (level === "disabled") return [];
      const { field, message, remedy } = found;
      return [{ rule: rule.name, level, item, field, message, remedy }];
    };
    for (const item of items) {
      for (const found of rule.check?.(item.spec, options, knowledge) ?? [])
        yield* violation(found, item);
    }
    for (const found of rule.checkStack?.(items, options, knowledge) ?? [])
      yield* violation(found, found.item);
  }
}

/** The level of a finding that is less than certain; undefined for its rule's own. */
export function ownLevel(
  { certainty }: Finding,
  options: unknown,
): "mandatory" | "advisory" | undefined {
  if (certainty === "certain") return undefined;
  const isRefused = isRecord(options) && options["doubts"] === "mandatory";
  return certainty === "doubtful" && isRefused ? "mandatory" : "advisory";
}
