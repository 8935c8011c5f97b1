import { json, type Safe } from "@runpod-stack/kit";
import type { Extent, Reported } from "./reported";

/** Violations as JSON. */
export function asJson(reported: readonly Reported[], extent?: Extent): Safe {
  return json({
    violations: reported.map(violationOf),
    ...(extent && {
      waived: extent.waived.map((waived) => ({
        ...violationOf(waived),
        reason: waived.reason,
        until: waived.until,
      })),
      ...extent.summary,
    }),
  });
}

function violationOf({ rule, level, severity, resource, field, place, ...rest }: Reported) {
  const { message, remedy, url } = rest;
  const { file, line } = place;
  return { rule, level, severity, resource, field, file, line, message, remedy, url };
}
