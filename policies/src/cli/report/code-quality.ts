import { pathInTree } from "./path-in-tree";
import { fingerprints, isRefusal, type Reported } from "./reported";

/** Violations as a code quality report for GitLab's merge requests. */
export function asCodeQuality(violations: readonly Reported[]): string {
  const known = fingerprints(violations);
  const issues = violations.map((violation, index) => ({
    description: description(violation),
    check_name: violation.rule,
    fingerprint: known[index],
    severity: isRefusal(violation) ? "blocker" : "minor",
    location: {
      path: pathInTree(violation.place.file) ?? REPOSITORY,
      lines: { begin: violation.place.line },
    },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

/** GitLab drops every issue after one without a path. */
const REPOSITORY = ".";

/** GitLab replaces placeholders such as %{strong_start} in descriptions. */
function description({ message, remedy }: Reported): string {
  return `${message} ${remedy}`.trim().replaceAll("%{", "% {");
}
