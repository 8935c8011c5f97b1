import { join, type Safe, safe } from "@runpod-stack/kit";
import type { Violation } from "../../judge";
import type { Item } from "../../rule";
import type { Spec } from "../../spec";

/** What was checked, by how many rules, and what was not. */
export interface Summary {
  /** Number of resources of each kind, such as 3 pods. */
  readonly judged: Readonly<Record<string, number>>;
  readonly rules: number;
  readonly unjudged: readonly Unjudged[];
}

/** A resource that was not fully checked, and why, as a clause. */
export interface Unjudged {
  readonly resource: string;
  readonly why: Safe;
}

/** Summarizes the check of all inputs. */
export function summaryOf(
  items: readonly Item[],
  violations: readonly Violation[],
  others: readonly Unjudged[],
  rules: number,
): Summary {
  const found = violations.flatMap(({ item, unjudged: why }) =>
    item && why ? [{ resource: item.id, why }] : [],
  );
  const unjudged = new Map([...found, ...others].map((one) => [one.resource, one]));
  const judged: Record<string, number> = {};
  for (const item of items.filter(({ id }) => !unjudged.has(id))) {
    const kind = kindOf(item);
    judged[kind] = (judged[kind] ?? 0) + 1;
  }
  return { judged, rules, unjudged: [...unjudged.values()] };
}

/** "3 pods and 1 volume judged by 22 rules; 1 not judged: no model server recognized in image a/b". */
export function sentenceOf({ judged, rules, unjudged }: Summary): Safe {
  const counts = Object.entries(judged).map(([kind, count]) =>
    count === 1 ? safe`1 ${kind}` : safe`${count} ${kind}s`,
  );
  const whole = safe`${enumerated(counts)} judged by ${rules} rules`;
  if (unjudged.length === 0) {
    return whole;
  }
  const reasons = [...new Set(unjudged.map(({ why }) => why))];
  const shown = join(reasons.slice(0, MOST_REASONS), "; ");
  const rest = reasons.length > MOST_REASONS ? safe`; …` : safe``;
  return safe`${whole}; ${unjudged.length} not judged: ${shown}${rest}`;
}

const MOST_REASONS = 3;

const KINDS: Readonly<Record<Spec["kind"], string>> = {
  Pod: "pod",
  Template: "template",
  Volume: "volume",
  PodEndpoint: "endpoint",
  ServerlessEndpoint: "serverless endpoint",
};

function kindOf({ spec }: Item): string {
  const isWorkerTemplate = spec.kind === "Template" && spec.isServerless;
  return isWorkerTemplate ? "serverless template" : KINDS[spec.kind];
}

function enumerated(counts: readonly Safe[]): Safe {
  if (counts.length === 0) {
    return safe`Nothing`;
  }
  const [last, ...others] = counts.toReversed();
  return others.length === 0
    ? join([last ?? safe``])
    : safe`${join(others.toReversed(), ", ")} and ${last}`;
}
