import { foreign, foreignLines, multiline, redact, safe, visible } from "@runpod-stack/kit";
import {
  assertWithinTree,
  Command,
  endings,
  examples,
  nameOf,
  paragraph,
  print,
  type Run,
  report,
  STATUS,
  type Terminal,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";
import { docsUrl } from "../../docs-url";
import { type PlaceOf, programPlaces, readPlaces } from "../../input/places";
import { type PolicyViolation, readEvents } from "../../input/pulumi-events";
import { MAX_VIOLATIONS } from "../../limits";
import { rules } from "../../rules";
import { isStored, readInput } from "../read-input";
import { type Formats, reportOf, withFormats } from "../report/formats";
import type { Reported } from "../report/reported";

const HELP = [
  paragraph(
    "EVENTS is the output of a preview with policy packs in Pulumi's streaming form. Pipe it in, and do not store it in a file: it includes Pulumi's debug messages, which contain every secret of the program in plain text, even without --debug. The report covers all packs of the preview. Unlike `check`, which reads a preview's result, a pack also sees secret values.",
  ),
  examples(
    "export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true",
    `pulumi preview --json \\
  --policy-pack node_modules/@runpod-stack/policies \\
  | runpod-policies report --markdown -`,
    [
      "several reports of one preview, in bash",
      `pulumi preview --json \\
  --policy-pack node_modules/@runpod-stack/policies \\
  | tee >(runpod-policies report --sarif - > policies.sarif) \\
  | runpod-policies report -`,
    ],
  ),
  endings({
    0: "no mandatory rule is violated",
    1: "a mandatory rule is violated",
    2: "the preview failed for another reason, or the input cannot be used",
  }),
  paragraph(
    "The status of a pipe is the status of its last command. If another command follows, as in `| tee summary.md`, use `set -o pipefail`.",
  ),
];

const warning = (file: string) =>
  safe`Warning: ${nameOf(file)} contains secrets in plain text, in the debug messages of Pulumi's SDK. Delete the file, and rotate the secrets if others could read it. Next time, pipe the preview into \`runpod-policies report -\`.`;

const FAILED = safe`The preview failed, so it was not checked:`;

const TOO_MANY = safe`A report cannot have more than ${MAX_VIOLATIONS} violations. Disable policies in their packs' configuration.`;

interface Options extends Formats {
  readonly preview?: string;
  readonly program: string;
}

/** `runpod-policies report [--preview FILE] [--json|--sarif|…] EVENTS` */
export function reportCommand({ terminal, end }: Run): Command {
  const command = new Command("report")
    .summary("summarize policy results from a preview")
    .description("Summarize what policy packs reported in a preview, in the formats of check.")
    .argument("<EVENTS>", "the events of the preview; - for standard input, as in a pipe")
    .option("--preview <FILE>", "the result of the same preview, to show lines of the program")
    .option("--program <DIR>", "folder of the program, for the paths in a report", ".");
  return teach(withFormats(command), ...HELP).action(async (file: string, options: Options) => {
    assertWithinTree(options.program);
    const isKept = isStored(file, terminal);
    const events = await readInput(file, terminal, readEvents);
    const { violations, hasSucceeded, errors } = events;
    if (violations.length > MAX_VIOLATIONS) {
      throw new UnusableInput(TOO_MANY);
    }
    if (isKept && events.holdSecrets) {
      report(terminal, warning(file));
    }
    const isRefused = violations.some(({ level }) => level === "mandatory");
    if (!isRefused && !hasSucceeded) {
      throw new UnusableInput(FAILED, multiline(errors.map((error) => foreignLines(error))));
    }
    const placeOf = await placesFor(options, terminal);
    print(terminal, reportOf(violations.map(reported(placeOf)), options, terminal));
    for (const error of errors) {
      terminal.stderr.write(multiline(foreignLines(error), safe``));
    }
    if (isRefused) {
      end(STATUS.found);
    }
  });
}

function placesFor({ preview, program }: Options, terminal: Terminal): PlaceOf | Promise<PlaceOf> {
  if (preview === undefined) {
    return programPlaces([], program);
  }
  return readInput(preview, terminal, (name, text) => readPlaces(name, text, program));
}

/** The rules of this pack put the remedy on a separate line. */
function reported(placeOf: PlaceOf): (violation: PolicyViolation) => Reported {
  return ({ policy, level, urn, message }) => {
    const [text = "", ...remedy] = redact(visible(message)).split("\n");
    const rule = rules.find(({ name }) => name === policy);
    return {
      rule: policy,
      level,
      resource: urn ?? "the whole stack",
      place: placeOf(urn),
      message: foreign(text),
      remedy: foreign(remedy.join(" ").trim()),
      ...(rule && { severity: rule.severity, url: docsUrl(rule.name) }),
    };
  };
}
