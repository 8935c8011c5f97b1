import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command, Option } from "commander";
import { readSource, type Source, UnreadableInput } from "../../input/read";
import { judge } from "../../judge";
import { type Config, configProblems, type Preset, presetConfig, settingsOf } from "../../settings";
import { asJson } from "../report/json";
import type { Judged } from "../report/judged";
import { asSarif } from "../report/sarif";
import { asText } from "../report/text";
import { colorsFor, Ended, type Terminal, UnusableInput } from "../terminal";

const HELP = `
FILE is the body of a pod, a template or a network volume as RunPod's REST API takes it (v1 or v2), in
JSON or YAML; or what \`pulumi stack export\` or \`pulumi preview --json\` prints. - is standard input.

Examples:
  $ runpod-policies check pod.json
  $ pulumi preview --json | runpod-policies check -
  $ runpod-policies check --preset strict --sarif pods/*.yaml > policies.sarif

Presets:
  default   refuses what is certain to fail, advises on the rest
  strict    every rule is mandatory, and so is everything doubtful

Configuration, as for \`pulumi preview --policy-pack-config\`: a JSON map from rules, or "all", to
"mandatory", "advisory" or "disabled", or to options (runpod-policies explain RULE lists them):
  {"image-pinned": "mandatory", "hourly-cost": {"maxPerHour": 5}}

Exit status:
  0  nothing mandatory is violated
  1  something mandatory is violated
  2  the input cannot be used`;

const VIOLATED = 1;

interface Options {
  readonly preset: Preset;
  readonly config?: string;
  readonly json?: true;
  readonly sarif?: true;
}

/** `runpod-policies check [--preset default|strict] [--config FILE] [--json|--sarif] FILE…` */
export function checkCommand(terminal: Terminal): Command {
  return new Command("check")
    .summary("judge pods, templates and stacks")
    .description("Judges pods, templates, volumes and whole stacks by the rules.")
    .argument("<FILE...>", "what to judge; - for standard input")
    .addOption(
      new Option("--preset <name>", "which rules refuse")
        .choices(["default", "strict"])
        .default("default"),
    )
    .option("--config <FILE>", "levels and options of rules, as JSON")
    .addOption(
      new Option(
        "--json",
        "print {violations: [{rule, level, resource, message, remedy}]}",
      ).conflicts("sarif"),
    )
    .option("--sarif", "print SARIF 2.1.0, for code scanning")
    .addHelpText("after", HELP)
    .action(async (files: string[], options: Options) => {
      const settings = settingsOf(presetConfig(options.preset), await readConfig(options.config));
      const judged: Judged[] = [];
      for (const file of files) {
        const source = await readInput(file, terminal);
        judged.push({ file, source, violations: judge(source.items, settings) });
      }
      terminal.stdout.write(report(judged, options, terminal));
      const all = judged.flatMap(({ violations }) => violations);
      if (all.some(({ level }) => level === "mandatory")) throw new Ended(VIOLATED);
    });
}

function report(judged: readonly Judged[], options: Options, terminal: Terminal): string {
  if (options.sarif) return asSarif(judged);
  return options.json ? asJson(judged) : asText(judged, colorsFor(terminal));
}

async function readInput(file: string, terminal: Terminal): Promise<Source> {
  const name = file === "-" ? "standard input" : file;
  try {
    return readSource(name, await (file === "-" ? text(terminal.stdin) : readFile(file, "utf8")));
  } catch (error) {
    const { message } = error as Error;
    throw new UnusableInput(
      error instanceof UnreadableInput ? message : `Cannot read ${name}: ${message}`,
    );
  }
}

async function readConfig(file: string | undefined): Promise<Config> {
  if (file === undefined) return {};
  let config: unknown;
  try {
    config = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UnusableInput(`Cannot read the configuration ${file}: ${(error as Error).message}`);
  }
  const problems = configProblems(config);
  if (problems.length === 0) return config as Config;
  throw new UnusableInput(`The configuration ${file} cannot be used:\n${problems.join("\n")}`);
}
