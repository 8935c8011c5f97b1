import { foreignLines, type Safe, safe } from "@runpod-stack/kit";
import type { Diagnosis } from "@runpod-stack/models";
import type { LogLine } from "../../api";

/** What has an environment. */
type Owner = { readonly env?: Readonly<Record<string, string>> | null | undefined };

const SHOWN_LINES = 8;
const LONGEST_SHOWN = 400;
/** Progress of a pull: so frequent that it hides the pull's result. */
const PULL_PROGRESS = /(Downloading|Extracting)\s{1,9}\[/;

/** Explains a failure by the logs. */
export function explain(
  found: Diagnosis,
  lines: readonly LogLine[],
  of: Owner | undefined,
): Safe[] {
  const limits = { most: LONGEST_SHOWN, secrets: secretsOf(of), indent: safe`  | ` };
  const shown = (texts: readonly string[]) =>
    foreignLines(texts.slice(-SHOWN_LINES).join("\n"), limits);
  if (found.cause !== null) {
    return [
      safe`Diagnosis: ${found.cause} (${found.confidence}). ${found.remedy ?? ""}`,
      // A crash loop repeats its lines.
      shown([...new Set(found.evidence)]),
    ];
  }
  const informative = lines.map(({ line }) => line).filter((line) => !PULL_PROGRESS.test(line));
  if (informative.length === 0) {
    return [safe`No log output yet.`];
  }
  return [safe`No known cause found. Last log lines:`, shown(informative)];
}

/** Containers and services print their environment, whose values must not be shown. */
export function secretsOf(of: Owner | undefined): string[] {
  return Object.values(of?.env ?? {});
}
