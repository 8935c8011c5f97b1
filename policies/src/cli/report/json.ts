import type { Reported } from "./reported";

/** The violations for programs. */
export function asJson(reported: readonly Reported[]): string {
  const violations = reported.map(({ rule, level, resource, message, remedy }) => ({
    rule,
    level,
    resource,
    message,
    remedy,
  }));
  return `${JSON.stringify({ violations }, null, 2)}\n`;
}
