import { type Colors, join, multiline, named, type Safe, safe } from "@runpod-stack/kit";
import {
  Command,
  colorsFor,
  endings,
  examples,
  print,
  type Terminal,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";
import { docsUrl } from "../../docs-url";
import type { Option, Rule } from "../../rule";
import { rules } from "../../rules";
import { meantRule } from "../../settings";

const HELP = [
  examples(
    ["all rules", "runpod-policies explain"],
    ["one rule", "runpod-policies explain container-disk-size"],
  ),
  endings({ 0: "the rule is explained", 2: "there is no such rule" }),
];

/** `runpod-policies explain [RULE]` */
export function explainCommand(terminal: Terminal): Command {
  const command = new Command("explain")
    .summary("show what a rule checks, and why")
    .description("Show what a rule checks, why, and how to configure it. Without RULE, list all.")
    .argument("[RULE]", "the rule's name");
  return teach(command, ...HELP).action((name: string | undefined) => {
    const colors = colorsFor(terminal);
    print(terminal, name === undefined ? listed(colors) : explained(find(name), colors));
  });
}

function find(name: string): Rule {
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) {
    return found;
  }
  throw new UnusableInput(safe`There is no rule ${named(name)}. ${meantRule(name)}`);
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
    ["Waivers", 'waivers: [{"resource", "reason", "until"}], for single resources until a date'],
    ["Docs", docsUrl(rule.name)],
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
  const doubts = "doubts" in options ? " where certain, otherwise advisory" : "";
  return level === "mandatory" ? `mandatory${doubts}; ${strict}` : `advisory; ${strict}`;
}

function optionLine(name: string, { default: standard, description }: Option): string {
  return `${name} (${JSON.stringify(standard)}): ${description}`;
}
