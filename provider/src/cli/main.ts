import { readFileSync } from "node:fs";
import path from "node:path";
import { foreign, foreignLines, hideSecretsOf, multiline, safe } from "@runpod-stack/kit";
import { Command, CommanderError } from "commander";
import { type Clock, systemClock } from "../core/clock";
import { isRunpodError, UserError } from "../core/errors";
import { diagnoseCommand } from "./commands/diagnose";
import { pricesCommand } from "./commands/prices";
import { reapCommand } from "./commands/reap";
import { recoverCommand } from "./commands/recover";
import { type Session, STATUS, type Status } from "./session";
import { type Terminal, UnusableInput } from "./terminal";

const TOO_LARGE = safe`The input cannot be read: it is too large, or nested too deep.`;

/**
 * The `runpod-stack` command.
 *
 * @param args what follows the command's name
 * @returns the exit status
 */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<Status> {
  let status: Status = STATUS.done;
  const end = (how: Status) => {
    status = how;
  };
  hideSecretsOf(terminal.env);
  // A reader that has seen enough, as in `| head`, is no failure.
  terminal.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await program({ terminal, clock, end }).parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    // Commander has already told what is wrong; its "errors" with status 0 are --help and --version.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? STATUS.done : STATUS.unusable;
    }
    // Engines throw it where something is too long for a string, or too deep for the stack.
    if (error instanceof RangeError) {
      terminal.stderr.write(multiline(TOO_LARGE, safe``));
      return STATUS.unusable;
    }
    const isTold =
      error instanceof UnusableInput || error instanceof UserError || isRunpodError(error);
    if (!isTold) throw error;
    terminal.stderr.write(multiline(error.message, safe``));
    return STATUS.unusable;
  }
}

function program(session: Session): Command {
  const { terminal } = session;
  const root = new Command("runpod-stack")
    .description("Helps with RunPod deployments that @runpod-stack/provider manages.")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("--help", "print what a command does and how to use it")
    .addHelpText("after", "\nrunpod-stack <command> --help shows examples.")
    .showHelpAfterError("(--help shows how to use it)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(foreignLines(text)),
      writeErr: (text) => terminal.stderr.write(foreignLines(text)),
      outputError: (text) => terminal.stderr.write(multiline(foreign(text.trim()), safe``)),
    });
  const commands = [
    diagnoseCommand(terminal),
    recoverCommand(session),
    reapCommand(session),
    pricesCommand(session),
  ];
  for (const command of commands) {
    root.addCommand(command.copyInheritedSettings(root));
  }
  return root;
}

function packageVersion(): string {
  const manifest = readFileSync(path.join(__dirname, "../../package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
