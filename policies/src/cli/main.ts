import {
  addCommands,
  endings,
  examples,
  runTool,
  type Status,
  type Terminal,
  teach,
} from "@runpod-stack/kit/command";
import { checkCommand } from "./commands/check";
import { configCommand } from "./commands/config";
import { explainCommand } from "./commands/explain";
import { reportCommand } from "./commands/report";
import { sizeCommand } from "./commands/size";

const { version }: { version: string } = require("../../package.json");

const TOOL = {
  name: "runpod-policies",
  version,
  description:
    "Check RunPod deployments before they cost money: whether the disk has room for the weights, the cache survives a restart and the model fits in GPU memory. Needs no API key and no network.",
};

/**
 * The `runpod-policies` command.
 *
 * @param args what follows the command's name
 * @returns the exit status
 */
export function main(args: readonly string[], terminal: Terminal): Promise<Status> {
  return runTool(
    TOOL,
    (root, run) => {
      addCommands(
        root,
        checkCommand(run),
        reportCommand(run),
        explainCommand(terminal),
        configCommand(terminal),
        sizeCommand(terminal),
      );
      teach(
        root,
        examples(
          "runpod-policies check pod.json",
          ["why a rule objects", "runpod-policies explain container-disk-size"],
          ["disk, cache and GPUs of a model", "runpod-policies size Qwen/Qwen3.8-27B"],
          "runpod-policies check --help",
        ),
        endings({
          0: "no mandatory rule is violated",
          1: "a mandatory rule is violated",
          2: "the input cannot be used",
        }),
      );
    },
    args,
    terminal,
  );
}
