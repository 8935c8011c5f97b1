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
  const configured = [...settings.values()].map(({ options }) => options);
  const knowledge = configured.reduce(learned, NOTHING);
  return rules.flatMap((rule) => {
    const setting = settings.get(rule.name);
    if (setting === undefined || setting.level === "disabled") return [];
    const { options } = setting;
    const ofItems = items.flatMap((item) =>
      (rule.check?.(item.spec, options, knowledge) ?? []).map((found) => ({ ...found, item })),
    );
    const ofAll = rule.checkStack?.(items, options, knowledge) ?? [];
    return [...ofItems, ...ofAll].flatMap((found) => {
      const level = ownLevel(found, options) ?? setting.level;
      if (level === "disabled") return [];
      const { item, field, message, remedy } = found as Finding & { readonly item?: Item };
      return [{ rule: rule.name, level, item, field, message, remedy }];
    });
  });
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
