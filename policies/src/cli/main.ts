import { foreign, foreignLines, hideSecretsOf, multiline, safe } from "@runpod-stack/kit";
import { Command, CommanderError } from "commander";
import { checkCommand } from "./commands/check";
import { explainCommand } from "./commands/explain";
import { reportCommand } from "./commands/report";
import { sizeCommand } from "./commands/size";
import { Ended, type Terminal, UnusableInput } from "./terminal";
import { packageVersion } from "./version";

const DONE = 0;
const UNUSABLE_INPUT = 2;
const TOO_LARGE = safe`The input cannot be judged: it is too large, or nested too deep. Split it.`;

/**
 * The `runpod-policies` command.
 *
 * @param args what follows the command's name
 * @returns the exit status: 0 if nothing mandatory is violated, 1 if something is, 2 for input that
 * cannot be used
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  hideSecretsOf(terminal.env);
  // A reader that has seen enough, as in `| head`, is no failure.
  terminal.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await program(terminal).parseAsync(args, { from: "user" });
    return DONE;
  } catch (error) {
    if (error instanceof Ended) return error.status;
    // Commander has already told what is wrong; its "errors" with status 0 are --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : UNUSABLE_INPUT;
    // Engines throw it where something is too long for a string, or too deep for the stack.
    const isTooLarge = error instanceof RangeError;
    if (!isTooLarge && !(error instanceof UnusableInput)) throw error;
    terminal.stderr.write(multiline(isTooLarge ? TOO_LARGE : error.message, safe``));
    return UNUSABLE_INPUT;
  }
}

function program(terminal: Terminal): Command {
  const root = new Command("runpod-policies")
    .description(
      "Judges RunPod deployments before they cost money: whether the disk holds the weights, the cache\nsurvives a restart, the GPUs hold the model. Needs no API key and no network.",
    )
    .version(packageVersion(), "--version", "print the version")
    .helpOption("--help", "print what a command does and how to use it")
    .addHelpText("after", "\nrunpod-policies <command> --help shows examples.")
    .showHelpAfterError("(--help shows how to use it)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(foreignLines(text)),
      writeErr: (text) => terminal.stderr.write(foreignLines(text)),
      outputError: (text) => terminal.stderr.write(multiline(foreign(text.trim()), safe``)),
    });
  for (const command of [checkCommand, reportCommand, explainCommand, sizeCommand]) {
    root.addCommand(command(terminal).copyInheritedSettings(root));
  }
  return root;
}
