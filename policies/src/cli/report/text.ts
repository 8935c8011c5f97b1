import { type Colors, join, multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  type Extent,
  isRefusal,
  nameOf,
  type Reported,
  type ReportedWaiver,
  sorted,
  verdictOf,
} from "./reported";

/** Violations for people, refusals first. */
export function asText(violations: readonly Reported[], colors: Colors, extent?: Extent): Safe {
  const paint = violations.some(isRefusal) ? colors.red : colors.green;
  const verdict = colors.bold(paint(safe`${verdictOf(violations, extent)}`));
  return multiline(
    byResource(violations, colors),
    (extent?.waived ?? []).map((waived) => oneWaiver(waived, colors)),
    extent && extent.waived.length > 0 ? [safe``] : [],
    verdict,
  );
}

function oneWaiver({ rule, resource, reason, until }: ReportedWaiver, colors: Colors): Safe {
  return join([
    colors.dim(safe`waived until ${until}  `),
    colors.bold(safe`${rule}`),
    safe`  ${nameOf(resource)}: ${reason}`,
  ]);
}

function byResource(violations: readonly Reported[], colors: Colors): Safe[] {
  const groups = new Map<string, Reported[]>();
  for (const violation of violations) {
    const group = groups.get(violation.resource);
    if (group === undefined) {
      groups.set(violation.resource, [violation]);
    } else {
      group.push(violation);
    }
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
