import { fingerprints, isRefusal, type Reported } from "./reported";

/** The violations for GitLab's merge requests, as its code quality report. */
export function asCodeQuality(violations: readonly Reported[]): string {
  const known = fingerprints(violations);
  const issues = violations.map((violation, index) => ({
    description: `${violation.message} ${violation.remedy}`.trim(),
    check_name: violation.rule,
    fingerprint: known[index],
    severity: isRefusal(violation) ? "blocker" : "minor",
    location: { path: violation.place.file, lines: { begin: violation.place.line } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
