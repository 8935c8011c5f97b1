import type { Colors } from "../terminal";
import { isRefusal, nameOf, type Reported, sorted, verdictOf } from "./reported";

/** The violations for people: what refuses first. */
export function asText(violations: readonly Reported[], colors: Colors): string {
  const paint = violations.some(isRefusal) ? colors.red : colors.green;
  const verdict = colors.bold(paint(verdictOf(violations)));
  return `${[...byResource(violations, colors), verdict].join("\n")}\n`;
}

function byResource(violations: readonly Reported[], colors: Colors): string[] {
  const groups = new Map<string, Reported[]>();
  for (const violation of violations) {
    const group = groups.get(violation.resource);
    if (group === undefined) groups.set(violation.resource, [violation]);
    else group.push(violation);
  }
  return [...groups].map(([resource, group]) => {
    const lines = sorted(group).map((violation) => oneViolation(violation, colors));
    return `${colors.bold(nameOf(resource))}\n${lines.join("\n")}\n`;
  });
}

function oneViolation(violation: Reported, colors: Colors): string {
  const { rule, message, remedy } = violation;
  const mark = isRefusal(violation) ? colors.red("refused") : colors.yellow("advice ");
  const lines = [message, ...(remedy === "" ? [] : [colors.dim(remedy)])];
  return [`  ${mark}  ${colors.bold(rule)}`, ...lines.map((line) => `           ${line}`)].join(
    "\n",
  );
}
