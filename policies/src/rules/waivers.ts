import { suggestions } from "@runpod-stack/provider/schema";
import { type Rule, rule } from "../rule";
import {
  completeWaivers,
  expiry,
  isExpired,
  malformed,
  type ProgramWaiver,
  today,
  waiverProblems,
} from "../waivers";

/** The rule about waivers. @param names the rules that can be waived */
export function waiversRule(names: readonly string[]): Rule {
  return rule({
    name: "waiver-valid",
    description:
      "Checks whether waivers have a rule, a reason and an end date that has not passed.",
    severity: "medium",
    level: "mandatory",
    why: "A waiver without an end date stays forever, and a waiver with a misspelled rule waives nothing.",
    source: "docs/policies.md, Waivers",
    remediationSteps: "Fix what the waiver covers, or set a new end date.",
    options: {},
    hasDoubts: true,
    example: 'policyWaivers: [{ rule: "gpu-memory", reason: "…", until: "2026-01-31" }]',
    check({ policyWaivers: given }) {
      if (given === undefined) {
        return [];
      }
      const complete = completeWaivers<ProgramWaiver>(given, ["rule"]);
      return [
        ...waiverProblems(given, ["rule"]).map((problem) => malformed(clause(problem))),
        ...complete
          .filter(({ rule }) => !names.includes(rule))
          .map(({ rule }) => {
            const [meant] = suggestions(rule, names);
            return malformed(
              ` has an unknown rule ${JSON.stringify(rule)}${meant ? ` (did you mean ${meant}?)` : ""}`,
            );
          }),
        ...complete
          .filter((waiver) => isExpired(waiver, today()))
          .map((waiver) => expiry(waiver.rule, waiver)),
      ];
    },
  });
}

/** Adds a space, unless the problem begins with an index such as [0]. */
function clause(problem: string): string {
  return problem.startsWith("[") ? problem : ` ${problem}`;
}
