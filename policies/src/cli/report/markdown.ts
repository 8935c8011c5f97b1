import { rules } from "../../rules";
import {
  type Extent,
  isRefusal,
  nameOf,
  type Reported,
  type ReportedWaiver,
  sorted,
  verdictOf,
} from "./reported";

const HEAD = `| | rule | resource | what is wrong | what to do |
| --- | --- | --- | --- | --- |
`;

/** Violations for a comment or the summary of a pipeline, refusals first. */
export function asMarkdown(reported: readonly Reported[], extent?: Extent): string {
  const violations = sorted(reported);
  const [end = "", ...rest] = verdictOf(violations, extent).split(/(?<=\.) /);
  const verdict = `**${end}** ${rest.map(cell).join(" ")}`.trim();
  const waived = extent?.waived ?? [];
  if (violations.length + waived.length === 0) {
    return `${verdict}\n`;
  }
  const rows = [...violations.map(row), ...waived.map(waivedRow)];
  return `${verdict}\n\n${HEAD}${rows.join("")}${hint(violations)}`;
}

function waivedRow({ rule, resource, message, reason, until }: ReportedWaiver): string {
  const why = `${cell(reason)} (until ${cell(until)})`;
  return `| waived | ${cell(rule)} | ${cell(nameOf(resource))} | ${cell(message)} | ${why} |\n`;
}

function row(violation: Reported): string {
  const { rule, resource, place, message, remedy } = violation;
  const mark = isRefusal(violation) ? "**refused**" : "advice";
  const where = `${cell(nameOf(resource))}<br>${cell(`${place.file}:${place.line}`)}`;
  return `| ${[mark, cell(rule), where, cell(message), cell(remedy)].join(" | ")} |\n`;
}

function hint(violations: readonly Reported[]): string {
  const ours = violations.find(({ rule }) => rules.some(({ name }) => name === rule));
  return ours === undefined
    ? ""
    : `\nTo see why: \`npx -p @runpod-stack/policies runpod-policies explain ${ours.rule}\`\n`;
}

/**
 * Strangers can influence these strings, and escaping Markdown is not enough: GitHub and GitLab look
 * for mentions, issues, commits, emoji and formulas in the rendered text, where escapes and entities
 * are gone. They leave code spans and plain words alone.
 */
function cell(text: string): string {
  return text
    .split(/[\s\p{Cc}]+/u)
    .map(word)
    .join(" ")
    .replaceAll("` `", " ")
    .trim();
}

/** Letters or a number, but not a short commit hash, nor a word that cmark treats as a host. */
const PLAIN =
  /^(?!(?:www|[0-9a-f]{7,})$)(?:[a-z\u0080-\u{10ffff}]+(?:['-][a-z\u0080-\u{10ffff}]+)*|\d+(?:\.\d+)?%?|%)$/iu;

function word(text: string): string {
  const [, before = "", core = "", after = ""] =
    /^([("']{0,2})(.*?)([.,:;!?)"']{0,3})$/s.exec(text) ?? [];
  return before + (PLAIN.test(core) ? core : code(core)) + after;
}

/** Several code spans, split where a backtick would end the span, or a bar the cell. */
function code(text: string): string {
  return text
    .split(/([`|])/)
    .map((part) => ENTITIES[part] ?? (part && `\`${part}\``))
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "`": "&#96;", "|": "&#124;" };
