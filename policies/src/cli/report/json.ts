import type { Judged } from "./judged";

/** The violations for programs. */
export function asJson(judged: readonly Judged[]): string {
  const violations = judged.flatMap(({ file, violations }) =>
    violations.map(({ rule, level, item, message, remedy }) => ({
      rule,
      level,
      resource: item?.id ?? file,
      message,
      remedy,
    })),
  );
  return `${JSON.stringify({ violations }, null, 2)}\n`;
}
