import { pathInTree } from "./path-in-tree";
import { fingerprints, isRefusal, type Reported } from "./reported";

/** The violations for GitLab's merge requests, as its code quality report. */
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

/** GitLab drops all that follows an issue without a path. */
const REPOSITORY = ".";

/** GitLab shows it as text, in which it replaces %{strong_start} and its like. */
function description({ message, remedy }: Reported): string {
  return `${message} ${remedy}`.trim().replaceAll("%{", "% {");
}
