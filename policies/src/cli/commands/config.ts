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
    "Pulumi takes one configuration, knows no `extends`, and says nothing of a rule that does not exist. This prints all layers as one, and refuses what is misspelt.",
  ),
  examples(
    "runpod-policies config team.json prod.json > policies.json",
    "pulumi preview --policy-pack node_modules/@runpod-stack/policies --policy-pack-config policies.json",
  ),
  endings({ 0: "the configuration is printed", 2: "it cannot be used" }),
];

/** `runpod-policies config FILE…` */
export function configCommand(terminal: Terminal): Command {
  const command = new Command("config")
    .summary("print layered configurations as one")
    .description("Check configurations of the rules, and print them as one for Pulumi.")
    .argument("<FILE...>", "configurations, of which later ones win; - for standard input");
  return teach(command, ...HELP).action(async (files: string[]) => {
    print(terminal, json(mergedConfig(await readLayers(files, terminal))));
  });
}
