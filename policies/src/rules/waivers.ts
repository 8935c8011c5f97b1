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

/** The rule about waivers of other rules, by their names. */
export function waiversRule(names: readonly string[]): Rule {
  return rule({
    name: "waiver-valid",
    description: "Checks whether waivers name a rule, a reason and a day that has not passed.",
    severity: "medium",
    level: "mandatory",
    why: "An exception without an end stays for ever, and one with a misspelt rule waives nothing.",
    source: "docs/policies.md, Waivers",
    remediationSteps: "Repair what the waiver is for, or give it a new day.",
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
              ` names no rule with ${JSON.stringify(rule)}${meant ? ` (did you mean ${meant}?)` : ""}`,
            );
          }),
        ...complete
          .filter((waiver) => isExpired(waiver, today()))
          .map((waiver) => expiry(waiver.rule, waiver)),
      ];
    },
  });
}

/** Problems begin with the place in the list, where there is one. */
function clause(problem: string): string {
  return problem.startsWith("[") ? problem : ` ${problem}`;
}
