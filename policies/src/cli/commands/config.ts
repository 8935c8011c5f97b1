import { json } from "@runpod-stack/kit";
import {
  Command,
  endings,
  examples,
  paragraph,
  print,
  type Terminal,
  teach,
} from "@runpod-stack/kit/command";
import { mergedConfig } from "../../settings";
import { readLayers } from "../layers";

const HELP = [
  paragraph(
    "Pulumi accepts one configuration, does not support `extends`, and ignores rules that do not exist. This command merges all layers into one, and refuses misspelled names.",
  ),
  examples(
    "runpod-policies config team.json prod.json > policies.json",
    "pulumi preview --policy-pack node_modules/@runpod-stack/policies --policy-pack-config policies.json",
  ),
  endings({ 0: "the configuration is printed", 2: "it is invalid" }),
];

/** `runpod-policies config FILE…` */
export function configCommand(terminal: Terminal): Command {
  const command = new Command("config")
    .summary("merge layered configurations into one")
    .description("Check layered configurations, and print them merged into one for Pulumi.")
    .argument(
      "<FILE...>",
      "configurations; later ones override earlier ones; - for standard input",
    );
  return teach(command, ...HELP).action(async (files: string[]) => {
    print(terminal, json(mergedConfig(await readLayers(files, terminal))));
  });
}
