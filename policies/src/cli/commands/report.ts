import { foreign, foreignLines, multiline, redact, safe, visible } from "@runpod-stack/kit";
import { Command } from "commander";
import { type PlaceOf, programPlaces, readPlaces } from "../../input/places";
import { type PolicyViolation, readEvents } from "../../input/pulumi-events";
import { readInput } from "../read-input";
import { type Formats, reportOf, withFormats } from "../report/formats";
import type { Reported } from "../report/reported";
import { Ended, print, type Terminal, UnusableInput, VIOLATED } from "../terminal";

const HELP = `
EVENTS is what a preview with policy packs prints in Pulumi's streaming form; - is standard input. What
all its packs said is reported, not only what this one did. Unlike check, which reads the result of a
preview, a pack also sees the values that are secret.

Examples:
  $ PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json \\
      --policy-pack node_modules/@runpod-stack/policies > events
  $ runpod-policies report --markdown events

Exit status:
  0  nothing mandatory is violated
  1  something mandatory is violated
  2  the preview failed otherwise, or the input cannot be used`;

const FAILED = safe`The preview failed, so it cannot be judged:`;

interface Options extends Formats {
  readonly preview?: string;
  readonly program: string;
}

/** `runpod-policies report [--preview FILE] [--json|--sarif|…] EVENTS` */
export function reportCommand(terminal: Terminal): Command {
  const command = new Command("report")
    .summary("tell what policy packs said in a preview")
    .description("Tells what policy packs said in a preview, in the formats of check.")
    .argument("<EVENTS>", "the events of the preview; - for standard input")
    .option("--preview <FILE>", "the same preview's result, to name lines of the program")
    .option("--program <DIR>", "where the program is, for the paths in a report", ".");
  return withFormats(command)
    .addHelpText("after", HELP)
    .action(async (file: string, options: Options) => {
      const { violations, hasSucceeded, errors } = await readInput(file, terminal, readEvents);
      const isRefused = violations.some(({ level }) => level === "mandatory");
      if (!isRefused && !hasSucceeded)
        throw new UnusableInput(
          multiline(
            FAILED,
            errors.map((error) => foreignLines(error)),
          ),
        );
      const placeOf = await placesFor(options, terminal);
      print(terminal, reportOf(violations.map(reported(placeOf)), options, terminal));
      for (const error of errors) terminal.stderr.write(multiline(foreignLines(error), safe``));
      if (isRefused) throw new Ended(VIOLATED);
    });
}

function placesFor({ preview, program }: Options, terminal: Terminal): PlaceOf | Promise<PlaceOf> {
  if (preview === undefined) return programPlaces([], program);
  return readInput(preview, terminal, (name, text) => readPlaces(name, text, program));
}

/** The rules of this pack put the remedy on a line of its own. */
function reported(placeOf: PlaceOf): (violation: PolicyViolation) => Reported {
  return ({ policy, level, urn, message }) => {
    const [text = "", ...remedy] = redact(visible(message)).split("\n");
    return {
      rule: policy,
      level,
      resource: urn ?? "the whole stack",
      place: placeOf(urn),
      message: foreign(text),
      remedy: foreign(remedy.join(" ").trim()),
    };
  };
}
