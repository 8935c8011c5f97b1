import { foreign, multiline, safe } from "@runpod-stack/kit";
import {
  assertWithinTree,
  Command,
  endings,
  examples,
  list,
  Option,
  paragraph,
  print,
  type Run,
  STATUS,
  type Terminal,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";
import { parseJson } from "../../input/json";
import { readSource, type Source } from "../../input/read";
import { judge, type Violation } from "../../judge";
import { specSize } from "../../rules/spec-size";
import { type Config, configProblems, type Preset, presetConfig, settingsOf } from "../../settings";
import { readInput } from "../read-input";
import { type Formats, reportOf, withFormats } from "../report/formats";
import { isRefusal, type Reported } from "../report/reported";

const HELP = [
  paragraph(
    "FILE is the body of a pod, a template or a network volume as RunPod's REST API takes it (v1 or v2), in JSON or YAML; or what `pulumi stack export` or `pulumi preview --json` prints.",
  ),
  examples(
    "runpod-policies check pod.json",
    "pulumi preview --json | runpod-policies check -",
    "runpod-policies check --preset strict --sarif pods/*.yaml > policies.sarif",
  ),
  list("Presets:", {
    default: "refuses what is certain to fail, and advises on the rest",
    strict: "every rule is mandatory, also where it is not certain",
  }),
  paragraph(
    'FILE of --config is what `pulumi preview --policy-pack-config` takes: a JSON map from rules, or "all", to "mandatory", "advisory" or "disabled", or to options, which `runpod-policies explain RULE` lists:',
  ),
  paragraph('  {"image-pinned": "mandatory", "hourly-cost": {"maxPerHour": 5}}'),
  endings({
    0: "nothing mandatory is violated",
    1: "something mandatory is violated",
    2: "the input cannot be used",
  }),
];

const NOT_ALL = safe`Not everything could be judged: see what ${specSize.name} says in the report.`;

interface Options extends Formats {
  readonly preset: Preset;
  readonly config?: string;
  readonly program: string;
}

/** `runpod-policies check [--preset default|strict] [--config FILE] [--json|--sarif|…] FILE…` */
export function checkCommand({ terminal, end }: Run): Command {
  const command = new Command("check")
    .summary("check pods, templates and stacks")
    .description("Check pods, templates, volumes and whole stacks against the rules.")
    .argument("<FILE...>", "what to check; - for standard input")
    .addOption(
      new Option("--preset <name>", "which rules refuse")
        .choices(["default", "strict"])
        .default("default"),
    )
    .option("--config <FILE>", "levels and options of rules, as JSON")
    .option("--program <DIR>", "where a stack's program is, for the paths in a report", ".");
  return teach(withFormats(command), ...HELP).action(async (files: string[], options: Options) => {
    const config = await readConfig(options.config, terminal);
    const settings = settingsOf(presetConfig(options.preset), config);
    assertWithinTree(options.program);
    const violations: Reported[] = [];
    for (const file of files) {
      const source = await readInput(file, terminal, (name, text) =>
        readSource(name, text, options.program),
      );
      violations.push(...judge(source.items, settings).map(reported(file, source)));
    }
    print(terminal, reportOf(violations, options, terminal));
    if (violations.some(({ rule }) => rule === specSize.name)) throw new UnusableInput(NOT_ALL);
    if (violations.some(isRefusal)) end(STATUS.found);
  });
}

function reported(file: string, source: Source): (violation: Violation) => Reported {
  return ({ rule, level, item, field, message, remedy }) => {
    const place = source.placeOf(item, field);
    return { rule, level, resource: item?.id ?? file, place, message, remedy };
  };
}

async function readConfig(file: string | undefined, terminal: Terminal): Promise<Config> {
  if (file === undefined) return {};
  const config = await readInput(file, terminal, parseJson);
  const problems = configProblems(config);
  if (problems.length === 0) return config as Config;
  throw new UnusableInput(
    multiline(
      safe`The configuration ${file} cannot be used:`,
      problems.map((problem) => foreign(problem)),
    ),
  );
}
