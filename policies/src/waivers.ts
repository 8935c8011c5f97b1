import { matchesPattern, named, safe } from "@runpod-stack/kit";
import { POLICY_WAIVERS } from "@runpod-stack/provider/schema";
import { doubt, type Finding, refusal } from "./finding";
import { isRecord } from "./known";
import type { Item } from "./rule";

/** An exception to one rule for one resource, until a date. */
export interface Waiver {
  /** The resource's name, URN or place in a file; * matches anything. Undefined in a resource's own waiver. */
  readonly resource?: string;
  readonly reason: string;
  /** The last day on which it applies (UTC), such as 2027-03-31. */
  readonly until: string;
}

/** A waiver in the program: an item of a resource's `policyWaivers`. */
export interface ProgramWaiver extends Waiver {
  readonly rule: string;
}

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Problems in a list of waivers, as clauses. */
export function waiverProblems(given: unknown, keys: readonly ("resource" | "rule")[]): string[] {
  const names = [...keys, "reason", "until"];
  const form = `{${names.join(", ")}}`;
  if (!Array.isArray(given)) {
    return [`must be a list of ${form}`];
  }
  return given.flatMap((waiver, index) => {
    const place = `[${index}]`;
    if (!isRecord(waiver)) {
      return [`${place} must be ${form}`];
    }
    const unknown = Object.keys(waiver).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      return [`${place} must have only ${names.join(", ")}, not ${unknown}`];
    }
    const bare = names.find((name) => typeof waiver[name] !== "string" || waiver[name] === "");
    if (bare !== undefined) {
      return [`${place}.${bare} is required`];
    }
    return DAY.test(String(waiver["until"]))
      ? []
      : [`${place}.until must be a date such as 2027-03-31`];
  });
}

/** The valid waivers in a list. */
export function completeWaivers<W extends Waiver>(
  given: unknown,
  keys: readonly ("resource" | "rule")[],
): W[] {
  const list = Array.isArray(given) ? given : [];
  return list.filter((waiver) => waiverProblems([waiver], keys).length === 0);
}

/** Today's date in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function isExpired({ until }: Waiver, day: string): boolean {
  return until < day;
}

/** The waivers in a rule's options. */
export function configuredWaivers(options: unknown): Waiver[] {
  const given = isRecord(options) ? options["waivers"] : undefined;
  return completeWaivers(given, ["resource"]);
}

/** The waiver that applies to a resource: its own, or one in the rule's options. */
export function waiverFor(
  rule: string,
  item: Pick<Item, "id" | "spec"> | undefined,
  configured: readonly Waiver[],
  day: string,
): Waiver | undefined {
  const own = completeWaivers<ProgramWaiver>(item?.spec.policyWaivers, ["rule"]);
  const fits = [
    ...own.filter((waiver) => waiver.rule === rule),
    ...configured.filter(({ resource = "" }) => matches(resource, item?.id ?? "")),
  ];
  return fits.find((waiver) => !isExpired(waiver, day));
}

/** Findings about a rule's expired waivers. */
export function expiries(rule: string, configured: readonly Waiver[], day: string): Finding[] {
  return configured
    .filter((waiver) => isExpired(waiver, day))
    .map((waiver) => expiry(rule, waiver));
}

/** The finding about an expired waiver. */
export function expiry(rule: string, { resource, reason, until }: Waiver): Finding {
  const whose = resource === undefined ? safe`` : safe` for ${named(resource)}`;
  return doubt(
    POLICY_WAIVERS,
    safe`The waiver of ${named(rule)}${whose} expired on ${until} (${reason}).`,
    safe`Fix what it covers and remove it, or set a new end date.`,
  );
}

/** The finding about a waiver that cannot be used. */
export function malformed(problem: string): Finding {
  return refusal(
    POLICY_WAIVERS,
    safe`${POLICY_WAIVERS}${problem}, so it waives nothing.`,
    safe`Write {rule: "container-disk-size", reason: "…", until: "2027-03-31"}.`,
  );
}

/** Whether a pattern matches a resource's id, its kind and name, or its name. */
function matches(pattern: string, id: string): boolean {
  const called = id.startsWith("urn:")
    ? (id.split("::").at(-1) ?? "")
    : (id.split(": ").at(-1) ?? "");
  const [, name = called] =
    /^(?:Serverless )?(?:Pod|Template|Volume|Endpoint) (.+)$/s.exec(called) ?? [];
  return [id, called, name].some((text) => matchesPattern(text, pattern));
}
