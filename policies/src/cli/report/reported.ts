import { createHash } from "node:crypto";
import type { Safe } from "@runpod-stack/kit";
import type { Place } from "../../input/places";
import type { Severity } from "../../rule";
import { type Summary, sentenceOf } from "./summary";

/** A violation as reports show it. */
export interface Reported {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  /** The resource's URN or its place in a file; the file for all resources together. */
  readonly resource: string;
  /** Whether it concerns all resources together. */
  readonly isWhole?: boolean;
  readonly place: Place;
  readonly message: Safe;
  readonly remedy: Safe;
  /** Undefined for rules of other packs. */
  readonly severity?: Severity | undefined;
  /** The faulty input. */
  readonly field?: string | undefined;
  /** Where the rule is documented. */
  readonly url?: string | undefined;
}

/** A waived violation, which does not count, and the reason. */
export interface ReportedWaiver extends Reported {
  readonly reason: Safe;
  readonly until: Safe;
}

/** What a check reports in addition to its violations. */
export interface Extent {
  readonly waived: readonly ReportedWaiver[];
  readonly summary: Summary;
}

/** The result, and what was checked, in a few sentences. */
export function verdictOf(violations: readonly Reported[], extent?: Extent): string {
  const waived = extent?.waived.length ?? 0;
  const all = [
    endOf(violations),
    extent && `${sentenceOf(extent.summary)}.`,
    waived > 0 && `${waived} waived.`,
  ];
  return all.filter(Boolean).join(" ");
}

function endOf(violations: readonly Reported[]): string {
  const refusals = violations.filter(isRefusal).length;
  const advice = violations.length - refusals;
  if (refusals > 0) {
    return `Refused: ${refusals} mandatory, ${advice} advisory.`;
  }
  if (advice === 0) {
    return "Passed.";
  }
  return `Passed, with ${advice} ${advice === 1 ? "piece" : "pieces"} of advice.`;
}

export function isRefusal({ level }: Reported): boolean {
  return level === "mandatory";
}

/** Puts refusals first. */
export function sorted(violations: readonly Reported[]): Reported[] {
  return violations.toSorted((a, b) => Number(isRefusal(b)) - Number(isRefusal(a)));
}

/** The kind and name in a URN. */
export function nameOf(resource: string): string {
  const [stack = "", , type, ...name] = resource.split("::");
  if (!stack.startsWith("urn:pulumi:") || type === undefined) {
    return resource;
  }
  return `${type.split(":").at(-1)} ${name.join("::")}`;
}

/** Identifies each violation across runs, even if lines and numbers change. */
export function fingerprints(violations: readonly Reported[]): string[] {
  const counts = new Map<string, number>();
  return violations.map(({ rule, resource }) => {
    const hash = createHash("sha256").update(`${rule} ${resource}`).digest("hex").slice(0, 16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  });
}
