import { foreign, safe } from "@runpod-stack/kit";
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
import { docsUrl } from "../../docs-url";
import { readSource, type Source } from "../../input/read";
import { judgement, type Violation } from "../../judge";
import { MAX_VIOLATIONS } from "../../limits";
import type { Item, Severity } from "../../rule";
import { specSize } from "../../rules/spec-size";
import { type Preset, presetConfig, type Settings, settingsOf } from "../../settings";
import { writeBaseline } from "../baseline";
import { readLayers } from "../layers";
import { readInput } from "../read-input";
import { type Formats, reportOf, withFormats } from "../report/formats";
import { type Extent, isRefusal, type Reported, type ReportedWaiver } from "../report/reported";
import { summaryOf, type Unjudged } from "../report/summary";

const HELP = [
  paragraph(
    "FILE is the body of a pod, a template, a network volume or a serverless endpoint for RunPod's REST API (v1 or v2), in JSON or YAML; a GraphQL request; or the output of `pulumi stack export` or `pulumi preview --json`.",
  ),
  examples(
    "runpod-policies check pod.json",
    "pulumi preview --json | runpod-policies check -",
    "runpod-policies check --preset strict --sarif pods/*.yaml > policies.sarif",
  ),
  list("Presets:", {
    default: "refuses what is certain to fail, and advises on the rest",
    strict: "makes every rule mandatory, including doubtful findings",
  }),
  paragraph(
    'The FILE of --config is also a FILE for `pulumi preview --policy-pack-config`: a JSON map from rules, or "all", to a level ("mandatory", "advisory" or "disabled") or to options. `runpod-policies explain RULE` lists the options. For example:',
  ),
  paragraph('  {"image-pinned": "mandatory", "hourly-cost": {"maxPerHour": 5}}'),
  paragraph(
    'It may extend other files, and waive a rule for a resource until a date: {"extends": "org.json", "gpu-memory": {"waivers": [{"resource": "llm", "reason": "…", "until": "2027-03-31"}]}}',
  ),
  endings({
    0: "no mandatory rule is violated, or a baseline is written",
    1: "a mandatory rule is violated, or a finding is as severe as --fail-on",
    2: "the input cannot be used",
  }),
];

const NOT_ALL = safe`Some input could not be checked. See ${specSize.name} in the report.`;

const TOO_MANY = safe`A report cannot have more than ${MAX_VIOLATIONS} violations. Split the input, or disable rules with --config.`;

interface Options extends Formats {
  readonly preset: Preset;
  readonly config: readonly string[];
  readonly failOn?: Severity;
  readonly writeBaseline?: string;
  readonly program: string;
}

const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

/** `runpod-policies check [--preset default|strict] [--config FILE] [--json|--sarif|…] FILE…` */
export function checkCommand({ terminal, end }: Run): Command {
  const command = new Command("check")
    .summary("check pods, templates and stacks")
    .description("Check pods, templates, volumes and whole stacks against the rules.")
    .argument("<FILE...>", "files to check; - for standard input")
    .addOption(
      new Option("--preset <name>", "which rules refuse")
        .choices(["default", "strict"])
        .default("default"),
    )
    .option(
      "--config <FILE>",
      "levels, options and waivers of rules, as JSON; repeatable",
      also,
      [],
    )
    .addOption(
      new Option(
        "--fail-on <severity>",
        "fail on findings of this severity or higher, whatever their level (default: on mandatory findings)",
      ).choices(SEVERITIES),
    )
    .option(
      "--write-baseline <FILE>",
      "write a configuration that waives the current violations for 90 days",
    )
    .option("--program <DIR>", "folder of a stack's program, for the paths in a report", ".");
  return teach(withFormats(command), ...HELP).action(async (files: string[], options: Options) => {
    const layers = await readLayers(options.config, terminal);
    const settings = settingsOf(presetConfig(options.preset), ...layers);
    assertWithinTree(options.program);
    const { violations, extent } = await judgeAll(files, options, settings, terminal);
    print(terminal, reportOf(violations, options, terminal, extent));
    if (options.writeBaseline !== undefined) {
      writeBaseline(options.writeBaseline, violations);
    }
    if (violations.some(({ rule }) => rule === specSize.name)) {
      throw new UnusableInput(NOT_ALL);
    }
    if (options.writeBaseline === undefined && violations.some((one) => fails(one, options))) {
      end(STATUS.found);
    }
  });
}

async function judgeAll(
  files: readonly string[],
  { program }: Options,
  settings: Settings,
  terminal: Terminal,
): Promise<{ violations: Reported[]; extent: Extent }> {
  const violations: Reported[] = [];
  const waived: ReportedWaiver[] = [];
  const items: Item[] = [];
  const found: Violation[] = [];
  const unread: Unjudged[] = [];
  let applied = 0;
  for (const file of files) {
    const source = await readInput(file, terminal, (name, text) => readSource(name, text, program));
    const judged = judgement(source.items, settings);
    if (violations.length + judged.violations.length > MAX_VIOLATIONS) {
      throw new UnusableInput(TOO_MANY);
    }
    applied = judged.rules;
    items.push(...source.items);
    unread.push(
      ...source.unread,
      ...judged.unrecognized.map(({ item, why }) => ({ resource: item.id, why })),
    );
    found.push(...judged.violations);
    violations.push(...judged.violations.map((one) => reported(file, source, one)));
    waived.push(
      ...judged.waived.map((one) => ({
        ...reported(file, source, one),
        reason: foreign(one.waiver.reason, { most: LONGEST_REASON }),
        until: foreign(one.waiver.until),
      })),
    );
  }
  return {
    violations,
    extent: { waived, summary: summaryOf(items, found, unread, applied) },
  };
}

const LONGEST_REASON = 300;

function reported(file: string, source: Source, violation: Violation): Reported {
  const { rule, level, severity, item, field, message, remedy } = violation;
  return {
    rule,
    level,
    severity,
    resource: item?.id ?? file,
    isWhole: item === undefined,
    place: source.placeOf(item, field),
    field,
    message,
    remedy,
    url: docsUrl(rule),
  };
}

function fails(violation: Reported, { failOn }: Options): boolean {
  if (failOn === undefined) {
    return isRefusal(violation);
  }
  return SEVERITIES.indexOf(violation.severity ?? "low") >= SEVERITIES.indexOf(failOn);
}

function also(file: string, before: readonly string[]): readonly string[] {
  return [...before, file];
}
