import {
  addCommands,
  endings,
  examples,
  runTool,
  type Status,
  type Terminal,
  teach,
} from "@runpod-stack/kit/command";
import { type Clock, systemClock } from "../core/clock";
import { isRunpodError, type RunpodError, UserError } from "../core/errors";
import { diagnoseCommand } from "./commands/diagnose";
import { pricesCommand } from "./commands/prices";
import { reapCommand } from "./commands/reap";
import { recoverCommand } from "./commands/recover";

const { version }: { version: string } = require("../../package.json");

const TOOL = {
  name: "runpod-stack",
  version,
  description: "Inspect and repair RunPod deployments managed by @runpod-stack/provider.",
  isExpected: (error: unknown): error is RunpodError | UserError =>
    error instanceof UserError || isRunpodError(error),
};

/**
 * The `runpod-stack` command.
 *
 * @param args what follows the command's name
 * @returns the exit status
 */
export function main(
  args: readonly string[],
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<Status> {
  return runTool(
    TOOL,
    (root, run) => {
      const session = { ...run, clock };
      addCommands(
        root,
        diagnoseCommand(terminal),
        recoverCommand(session),
        reapCommand(session),
        pricesCommand(session),
      );
      teach(
        root,
        examples(
          ["why a container failed", "runpod-stack diagnose container.log"],
          ["what a killed run left behind", "runpod-stack recover"],
          "runpod-stack recover --help",
        ),
        endings({
          0: "nothing is wrong, or everything requested was done",
          1: "something is left to do, such as a pod past its time limit",
          2: "the input, Pulumi or RunPod cannot be used",
        }),
      );
    },
    args,
    terminal,
  );
}
