import { type Command, Option } from "commander";
import { colorsFor, type Terminal } from "../terminal";
import { asCodeQuality } from "./code-quality";
import { asJson } from "./json";
import { asMarkdown } from "./markdown";
import type { Reported } from "./reported";
import { asSarif } from "./sarif";
import { asText } from "./text";

/** How a report is wanted: for people, unless it says otherwise. */
export interface Formats {
  readonly json?: true;
  readonly sarif?: true;
  readonly markdown?: true;
  readonly codeQuality?: true;
}

/** Lets a command print its report in one of all formats. */
export function withFormats(command: Command): Command {
  const options = [
    new Option("--json", "print {violations: [{rule, level, resource, message, remedy}]}"),
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

/** The report in the wanted format. */
export function reportOf(
  violations: readonly Reported[],
  formats: Formats,
  terminal: Terminal,
): string {
  if (formats.sarif) return asSarif(violations);
  if (formats.markdown) return asMarkdown(violations);
  if (formats.codeQuality) return asCodeQuality(violations);
  return formats.json ? asJson(violations) : asText(violations, colorsFor(terminal));
}
