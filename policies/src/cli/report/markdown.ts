import { rules } from "../../rules";
import { isRefusal, nameOf, type Reported, sorted, verdictOf } from "./reported";

const HEAD = `| | rule | resource | what is wrong | what to do |
| --- | --- | --- | --- | --- |
`;

/** The violations for a comment or the summary of a pipeline: what refuses first. */
export function asMarkdown(reported: readonly Reported[]): string {
  const violations = sorted(reported);
  const verdict = `**${verdictOf(violations)}**\n`;
  if (violations.length === 0) return verdict;
  return `${verdict}\n${HEAD}${violations.map(row).join("")}${hint(violations)}`;
}

function row(violation: Reported): string {
  const { rule, resource, place, message, remedy } = violation;
  const mark = isRefusal(violation) ? "**refused**" : "advice";
  const where = `${nameOf(resource)}\n${place.file}:${place.line}`;
  return `| ${[mark, ...[rule, where, message, remedy].map(cell)].join(" | ")} |\n`;
}

function hint(violations: readonly Reported[]): string {
  const ours = violations.find(({ rule }) => rules.some(({ name }) => name === rule));
  return ours === undefined
    ? ""
    : `\nWhy: \`npx runpod-policies explain ${ours.rule}\` and so on.\n`;
}

/** Whoever wrote the program has a say in these texts: they stay text, and call nobody. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_~[\]<>|&]/g, "\\$&")
    .replaceAll("@", "@<!-- -->")
    .replaceAll("\n", "<br>");
}
