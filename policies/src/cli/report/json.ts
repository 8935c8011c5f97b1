import { json, type Safe } from "@runpod-stack/kit";
import type { Reported } from "./reported";

/** The violations for programs. */
export function asJson(reported: readonly Reported[]): Safe {
  const violations = reported.map(({ rule, level, resource, message, remedy }) => ({
    rule,
    level,
    resource,
    message,
    remedy,
  }));
  return json({ violations });
}
