import { type Colors, join, multiline, type Safe, safe } from "@runpod-stack/kit";
import { isRefusal, nameOf, type Reported, sorted, verdictOf } from "./reported";

/** The violations for people: what refuses first. */
export function asText(violations: readonly Reported[], colors: Colors): Safe {
  const paint = violations.some(isRefusal) ? colors.red : colors.green;
  const verdict = colors.bold(paint(safe`${verdictOf(violations)}`));
  return multiline(byResource(violations, colors), verdict);
}

function byResource(violations: readonly Reported[], colors: Colors): Safe[] {
  const groups = new Map<string, Reported[]>();
  for (const violation of violations) {
    const group = groups.get(violation.resource);
    if (group === undefined) groups.set(violation.resource, [violation]);
    else group.push(violation);
  }
  return [...groups].flatMap(([resource, group]) => {
    const lines = sorted(group).flatMap((violation) => oneViolation(violation, colors));
    return [colors.bold(safe`${nameOf(resource)}`), ...lines, safe``];
  });
}

function oneViolation(violation: Reported, colors: Colors): Safe[] {
  const { rule, message, remedy } = violation;
  const mark = isRefusal(violation) ? colors.red(safe`refused`) : colors.yellow(safe`advice `);
  const lines = [message, ...(remedy === "" ? [] : [colors.dim(remedy)])];
  return [
    join([safe`  `, mark, safe`  `, colors.bold(safe`${rule}`)]),
    ...lines.map((line) => join([safe`           `, line])),
  ];
}
