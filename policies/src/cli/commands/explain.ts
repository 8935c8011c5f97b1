import { type Colors, join, multiline, named, type Safe, safe } from "@runpod-stack/kit";
import { Command } from "commander";
import type { Option, Rule } from "../../rule";
import { rules } from "../../rules";
import { colorsFor, print, type Terminal, UnusableInput } from "../terminal";

const EXAMPLES = `
Examples:
  $ runpod-policies explain                      # all rules
  $ runpod-policies explain container-disk-size  # what it checks and why, and how to configure it`;

/** `runpod-policies explain [RULE]` */
export function explainCommand(terminal: Terminal): Command {
  return new Command("explain")
    .summary("tell what a rule checks, and why")
    .description("Tells what a rule checks, why, and how to configure it; without RULE, lists all.")
    .argument("[RULE]", "the rule's name")
    .addHelpText("after", EXAMPLES)
    .action((name: string | undefined) => {
      const colors = colorsFor(terminal);
      print(terminal, name === undefined ? listed(colors) : explained(find(name), colors));
    });
}

function find(name: string): Rule {
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) return found;
  const near = rules.filter((rule) => rule.name.includes(name) || name.includes(rule.name));
  const hint = near.length > 0 ? near : rules;
  throw new UnusableInput(
    safe`There is no rule ${named(name)}. Did you mean ${hint.map((rule) => rule.name).join(", ")}?`,
  );
}

function listed(colors: Colors): Safe {
  const width = Math.max(...rules.map(({ name }) => name.length));
  return multiline(
    rules.map(({ name, level, description }) =>
      join([colors.bold(safe`${name.padEnd(width)}`), safe`  ${level.padEnd(9)}  ${description}`]),
    ),
  );
}

function explained(rule: Rule, colors: Colors): Safe {
  const [first = "none", ...others] = Object.entries(rule.options).map(([name, option]) =>
    optionLine(name, option),
  );
  const parts: [title: string, text: string][] = [
    ["Why", rule.why],
    ["Source", rule.source],
    ["Level", levels(rule)],
    ["Objects to", rule.example],
    ["What to do", rule.remediationSteps],
    ["Options", first],
    ...others.map((other): [string, string] => ["", other]),
  ];
  return multiline(
    colors.bold(safe`${rule.name}`),
    safe`${rule.description}`,
    safe``,
    parts.map(([title, text]) => join([colors.bold(safe`${title.padEnd(10)}`), safe`  ${text}`])),
  );
}

function levels({ level, options }: Rule): string {
  const strict = "mandatory in the preset strict";
  const doubts = "doubts" in options ? ", where it is certain; else advisory" : "";
  return level === "mandatory" ? `mandatory${doubts}; ${strict}` : `advisory; ${strict}`;
}

function optionLine(name: string, { default: standard, description }: Option): string {
  return `${name} (${JSON.stringify(standard)}): ${description}`;
}
