import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError } from "commander";
import { diagnoseCommand } from "./commands/diagnose";
import { type Terminal, UnusableInput } from "./terminal";

const DONE = 0;
const UNUSABLE_INPUT = 2;

/**
 * The `runpod-stack` command.
 *
 * @param args what follows the command's name
 * @returns the exit status: 0 when the work was done, 2 for input that cannot be used
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  // A reader that has seen enough, as in `| head`, is no failure.
  terminal.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await program(terminal).parseAsync(args, { from: "user" });
    return DONE;
  } catch (error) {
    // Commander has already told what is wrong; its "errors" with status 0 are --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : UNUSABLE_INPUT;
    if (!(error instanceof UnusableInput)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return UNUSABLE_INPUT;
  }
}

function program(terminal: Terminal): Command {
  const root = new Command("runpod-stack")
    .description("Helps with RunPod deployments that @runpod-stack/provider manages.")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("--help", "print what a command does and how to use it")
    .addHelpText("after", "\nrunpod-stack <command> --help shows examples.")
    .showHelpAfterError("(--help shows how to use it)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  for (const command of [diagnoseCommand(terminal)]) {
    root.addCommand(command.copyInheritedSettings(root));
  }
  return root;
}

function packageVersion(): string {
  const manifest = readFileSync(path.join(__dirname, "../../package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
