import { foreign, type Safe, trusted } from "@runpod-stack/kit";
import { type Command, colorsFor, Option, type Terminal } from "@runpod-stack/kit/command";
import { asCodeQuality } from "./code-quality";
import { asJson } from "./json";
import { asMarkdown } from "./markdown";
import type { Extent, Reported } from "./reported";
import { asSarif } from "./sarif";
import { asText } from "./text";

const LONGEST_NAME = 300;

/** The format of a report. @default text for people */
export interface Formats {
  readonly json?: true;
  readonly sarif?: true;
  readonly markdown?: true;
  readonly codeQuality?: true;
}

/** Adds the format options to a command. */
export function withFormats(command: Command): Command {
  const options = [
    new Option(
      "--json",
      "print {violations: [{rule, level, severity, resource, field, line, message, remedy, url}], …}",
    ),
    new Option("--sarif", "print SARIF 2.1.0, for code scanning"),
    new Option("--markdown", "print a table, for a comment or a summary"),
    new Option("--code-quality", "print GitLab's code quality report"),
  ];
  for (const option of options) {
    const others = options.filter((other) => other !== option);
    command.addOption(option.conflicts(others.map((other) => other.attributeName())));
  }
  return command;
}

/** The report in the chosen format. @param given what only the report of a check shows */
export function reportOf(
  violations: readonly Reported[],
  formats: Formats,
  terminal: Terminal,
  given?: Extent,
): Safe {
  if (formats.json) {
    return asJson(violations, given);
  }
  const shown = violations.map(shownToPeople);
  const extent = given && shownExtent(given);
  if (formats.sarif) {
    return trusted(asSarif(shown, extent).trimEnd());
  }
  if (formats.markdown) {
    return trusted(asMarkdown(shown.map(withShownFile), extent).trimEnd());
  }
  if (formats.codeQuality) {
    return trusted(asCodeQuality(shown).trimEnd());
  }
  return asText(shown, colorsFor(terminal), extent);
}

function shownExtent(extent: Extent): Extent {
  const { summary, waived } = extent;
  const unjudged = summary.unjudged.map(({ resource, why }) => ({
    resource: foreign(resource, { most: LONGEST_NAME }),
    why,
  }));
  return { summary: { ...summary, unjudged }, waived: waived.map(shownToPeople) };
}

/** Names come from the input, which strangers may have written. */
function shownToPeople<R extends Reported>(violation: R): R {
  const { rule, resource } = violation;
  return {
    ...violation,
    rule: foreign(rule, { most: LONGEST_NAME }),
    resource: foreign(resource, { most: LONGEST_NAME }),
  };
}

/** Other formats leave out a file name that is not safe to show. */
function withShownFile(violation: Reported): Reported {
  const { file, line } = violation.place;
  return { ...violation, place: { file: foreign(file, { most: LONGEST_NAME }), line } };
}
