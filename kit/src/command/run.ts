import { Command, CommanderError } from "commander";
import { hideSecretsOf } from "../redact";
import { foreign, foreignLines, multiline, type Safe, safe, trusted } from "../safe";
import { STATUS, type Status, UnusableInput } from "./ending";
import { report, type Terminal, widthOf } from "./terminal";

/** A command line tool. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Errors whose message is enough, in addition to UnusableInput. @default none */
  readonly isExpected?: (error: unknown) => error is Expected;
}

type Expected = Error & { readonly message: Safe };

/** A run of a command. */
export interface Run {
  readonly terminal: Terminal;
  /** Sets the exit status. @default 0 */
  end(status: Status): void;
}

/**
 * Runs a tool's command line.
 * @param complete adds arguments, options and commands
 * @param args what follows the tool's name
 * @returns the exit status
 */
export async function runTool(
  tool: Tool,
  complete: (root: Command, run: Run) => void,
  args: readonly string[],
  terminal: Terminal,
): Promise<Status> {
  let status: Status = STATUS.done;
  hideSecretsOf(terminal.env);
  for (const screen of [terminal.stdout, terminal.stderr]) {
    screen.on("error", ignoreClosed);
  }
  const end = (how: Status) => {
    status = how;
  };
  try {
    const root = rootOf(tool, terminal);
    complete(root, { terminal, end });
    await root.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    // Commander has shown what is wrong; its "errors" with status 0 are --help and --version.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? STATUS.done : STATUS.unusable;
    }
    const [sentences, lines] = explanation(tool, error);
    report(terminal, sentences);
    if (lines !== undefined) {
      terminal.stderr.write(multiline(lines, safe``));
    }
    return STATUS.unusable;
  }
}

/** Adds a command to a tool. */
export function addCommands(root: Command, ...commands: readonly Command[]): void {
  for (const command of commands) {
    root.addCommand(command.copyInheritedSettings(root));
  }
}

function rootOf({ name, version, description }: Tool, terminal: Terminal): Command {
  const { stdout, stderr } = terminal;
  return new Command(name)
    .description(description)
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .showHelpAfterError("(--help shows how to use it)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(trusted(text)),
      writeErr: (text) => stderr.write(trusted(text)),
      outputError: (text) => report(terminal, foreign(text.trim())),
      getOutHelpWidth: () => widthOf(stdout, terminal),
      getErrHelpWidth: () => widthOf(stderr, terminal),
    });
}

/** A reader that closes the pipe early, as in `| head`, is not a failure. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") {
    throw error;
  }
}

/** JavaScript throws a RangeError for a string that is too long and for a stack that is too deep. */
const TOO_LARGE = safe`The input cannot be read: it is too large, or nested too deeply. Split it.`;

function explanation({ name, isExpected }: Tool, error: unknown): [sentences: Safe, lines?: Safe] {
  if (error instanceof UnusableInput) {
    return error.lines ? [error.message, error.lines] : [error.message];
  }
  if (isExpected?.(error)) {
    return [error.message];
  }
  if (error instanceof RangeError) {
    return [TOO_LARGE];
  }
  const { stack = String(error) } = error as Error;
  return [safe`${name} failed. Please report this:`, foreignLines(stack)];
}
