import { safe } from "@runpod-stack/kit";
import { doubt, rule } from "../rule";
import { unjudgedCommand } from "../serving";
import { isContainer } from "../spec";

export const specSize = rule({
  name: "spec-size",
  description: "Checks whether everything is short and simple enough to be judged.",
  severity: "medium",
  level: "advisory",
  why: "Other rules say nothing of an input that is beyond the limits of what is read, so that whoever writes it could keep them from refusing it. `runpod-policies check` ends with status 2.",
  source: "docs/policies.md, Limits on input",
  remediationSteps: "Shorten the input that the message names.",
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
        safe`${field} cannot be judged: ${how}.`,
        safe`Shorten it, so that the rules can read it.`,
      ),
    );
  },
});
