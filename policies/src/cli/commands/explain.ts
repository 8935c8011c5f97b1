import { Command } from "commander";
import type { Option, Rule } from "../../rule";
import { rules } from "../../rules";
import { type Colors, colorsFor, type Terminal, UnusableInput } from "../terminal";

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
      terminal.stdout.write(name === undefined ? listed(colors) : explained(find(name), colors));
    });
}

function find(name: string): Rule {
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) return found;
  const near = rules.filter((rule) => rule.name.includes(name) || name.includes(rule.name));
  const hint = near.length > 0 ? near : rules;
  throw new UnusableInput(
    `There is no rule ${name}. Did you mean ${hint.map((rule) => rule.name).join(", ")}?`,
  );
}

function listed(colors: Colors): string {
  const width = Math.max(...rules.map(({ name }) => name.length));
  return rules
    .map(
      ({ name, level, description }) =>
        `${colors.bold(name.padEnd(width))}  ${level.padEnd(9)}  ${description}\n`,
    )
    .join("");
}

function explained(rule: Rule, colors: Colors): string {
  const options = Object.entries(rule.options);
  const parts: [title: string, text: string][] = [
    ["Why", rule.why],
    ["Source", rule.source],
    ["Level", levels(rule)],
    ["Objects to", rule.example],
    ["What to do", rule.remediationSteps],
    [
      "Options",
      options.map(([name, option]) => optionLine(name, option)).join("\n            ") || "none",
    ],
  ];
  const lines = parts.map(([title, text]) => `${colors.bold(title.padEnd(10))}  ${text}`);
  return `${colors.bold(rule.name)}\n${rule.description}\n\n${lines.join("\n")}\n`;
}

function levels({ level, options }: Rule): string {
  const strict = "mandatory in the preset strict";
  const doubts = "doubts" in options ? ", where it is certain; else advisory" : "";
  return level === "mandatory" ? `mandatory${doubts}; ${strict}` : `advisory; ${strict}`;
}

function optionLine(name: string, { default: standard, description }: Option): string {
  return `${name} (${JSON.stringify(standard)}): ${description}`;
}
