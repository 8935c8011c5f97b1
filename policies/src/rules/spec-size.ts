import { safe } from "@runpod-stack/kit";
import { doubt, rule } from "../rule";
import { unjudgedCommand } from "../serving";
import { isContainer } from "../spec";

export const specSize = rule({
  name: "spec-size",
  description: "Checks whether every input is short and simple enough to be checked.",
  severity: "medium",
  level: "advisory",
  why: "Other rules ignore an input that is beyond the limits, so an oversized input could hide its faults. `runpod-policies check` exits with status 2.",
  source: "docs/policies.md, Limits on input",
  remediationSteps: "Shorten the input in the message.",
  options: {},
  hasDoubts: true,
  example: 'dockerStartCmd: ["…"] // more than 102400 characters',
  check(spec, _options, knowledge) {
    const command = isContainer(spec) ? unjudgedCommand(spec, knowledge) : undefined;
    const unjudged = {
      ...spec.unjudged,
      ...(command !== undefined && { dockerStartCmd: command }),
    };
    return Object.entries(unjudged).map(([field, how]) =>
      doubt(
        field,
        safe`${field} cannot be checked: ${how}.`,
        safe`Shorten it so that the rules can read it.`,
      ),
    );
  },
});
