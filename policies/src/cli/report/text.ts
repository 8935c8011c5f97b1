import type { Violation } from "../../judge";
import type { Colors } from "../terminal";
import type { Judged } from "./judged";

/** The violations for people: what refuses first. */
export function asText(judged: readonly Judged[], colors: Colors): string {
  const all = judged.flatMap(({ violations }) => violations);
  const count = all.filter(({ level }) => level === "mandatory").length;
  const resources = judged.flatMap(({ file, violations }) => byResource(file, violations, colors));
  const advice = all.length - count;
  const verdict =
    count > 0
      ? colors.red(`Refused: ${count} mandatory, ${advice} advisory.`)
      : colors.green(advice > 0 ? `Passed, with ${advice} pieces of advice.` : "Passed.");
  return `${[...resources, colors.bold(verdict)].join("\n")}\n`;
}

function byResource(file: string, violations: readonly Violation[], colors: Colors): string[] {
  const resources = new Set(violations.map(({ item }) => item?.id ?? file));
  return [...resources].map((resource) => {
    const group = violations.filter(({ item }) => (item?.id ?? file) === resource);
    const sorted = group.toSorted((a, b) => rank(a) - rank(b));
    const lines = sorted.map((violation) => oneViolation(violation, colors));
    return `${colors.bold(nameOf(resource))}\n${lines.join("\n")}\n`;
  });
}

function oneViolation({ rule, level, message, remedy }: Violation, colors: Colors): string {
  const mark = level === "mandatory" ? colors.red("refused") : colors.yellow("advice ");
  return `  ${mark}  ${colors.bold(rule)}\n           ${message}\n           ${colors.dim(remedy)}`;
}

function rank({ level }: Violation): number {
  return level === "mandatory" ? 0 : 1;
}

/** A URN by what people call it. */
function nameOf(resource: string): string {
  const [, type, name] = /^urn:pulumi:.*:(\w+)::(.*)$/.exec(resource) ?? [];
  return type === undefined ? resource : `${type} ${name}`;
}
