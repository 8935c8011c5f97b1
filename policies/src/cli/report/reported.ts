import { createHash } from "node:crypto";
import type { Safe } from "@runpod-stack/kit";
import type { Place } from "../../input/places";

/** A violation as reports show it. */
export interface Reported {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  /** The resource's URN or its place in a file; the file for all of them together. */
  readonly resource: string;
  readonly place: Place;
  readonly message: Safe;
  readonly remedy: Safe;
}

/** How it ends, in a sentence. */
export function verdictOf(violations: readonly Reported[]): string {
  const refusals = violations.filter(isRefusal).length;
  const advice = violations.length - refusals;
  if (refusals > 0) return `Refused: ${refusals} mandatory, ${advice} advisory.`;
  if (advice === 0) return "Passed.";
  return `Passed, with ${advice} ${advice === 1 ? "piece" : "pieces"} of advice.`;
}

export function isRefusal({ level }: Reported): boolean {
  return level === "mandatory";
}

/** What refuses comes first. */
export function sorted(violations: readonly Reported[]): Reported[] {
  return violations.toSorted((a, b) => Number(isRefusal(b)) - Number(isRefusal(a)));
}

/** A URN by what people call it. */
export function nameOf(resource: string): string {
  const [stack = "", , type, ...name] = resource.split("::");
  if (!stack.startsWith("urn:pulumi:") || type === undefined) return resource;
  return `${type.split(":").at(-1)} ${name.join("::")}`;
}

/** What a violation is known by from run to run, though lines move and figures change. */
export function fingerprints(violations: readonly Reported[]): string[] {
  const counts = new Map<string, number>();
  return violations.map(({ rule, resource }) => {
    const hash = createHash("sha256").update(`${rule} ${resource}`).digest("hex").slice(0, 16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  });
}
