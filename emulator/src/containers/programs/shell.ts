import { MAX_JOBS } from "../limits";
import type { Environment, Machine, Process, Program } from "../machine";
import { exited, forever } from "../machine";
import { Expansion, literal } from "./shell-expansion";
import { ShellFolders } from "./shell-folders";
import { messagesOf, type ShellMessages } from "./shell-messages";
import { type Command, parseScript, type Script, type Word } from "./shell-syntax";
import { judgeTest } from "./shell-test";
import { ShellVariables, splitAssignment } from "./shell-variables";

/** The $0 of the script with which a stack's pods end themselves. */
const TIMER_NAME = "runpod-stack-timer";

/** `bash -c "..."` and its relatives. Loops and conditions are refused. */
export function* runShell(process: Process): Program {
  const [name = "sh", ...args] = process.argv;
  const options = args.filter((arg, index) => arg.startsWith("-") && index === 0);
  const [first, ...rest] = args.slice(options.length);
  const letters = options.join("");
  if (first === undefined) {
    // Without a terminal, a shell reads the end of its input immediately.
    return 0;
  }
  if (!letters.includes("c")) {
    return yield* process.machine.execute({ ...process, argv: [first, ...rest], shell: name });
  }
  if (rest[0] === TIMER_NAME) {
    // The script ends with exec: the command replaces the shell. What its timer requests of RunPod
    // happens outside of the container.
    return yield* process.machine.execute({ ...process, argv: rest.slice(1), shell: name });
  }
  const shell = new Shell(process, name);
  shell.setOptions(options);
  return yield* shell.run(parseScript(first));
}

class Shell {
  status = 0;
  ended = false;
  private stopsAtErrors = false;
  refusesUnset = false;
  readonly messages: ShellMessages;
  private readonly expansion = new Expansion(this);
  private readonly folders: ShellFolders;

  constructor(
    readonly process: Process,
    private readonly name: string,
    readonly variables = new ShellVariables(process.env, process.steps),
  ) {
    this.messages = messagesOf(name);
    this.folders = new ShellFolders(process.machine);
  }

  /** As `set` takes them. */
  setOptions(args: readonly string[]): void {
    args.forEach((arg, index) => {
      const named = /^[-+]\w*o$/.test(arg) ? args[index + 1] : undefined;
      const isOn = arg.startsWith("-");
      if (/^[-+]\w*e/.test(arg) || named === "errexit") {
        this.stopsAtErrors = isOn;
      }
      if (/^[-+]\w*u/.test(arg) || named === "nounset") {
        this.refusesUnset = isOn;
      }
    });
  }

  *run({ commands, problem }: Script): Program {
    let before: Command["connector"] = ";";
    for (const command of commands) {
      const { connector } = command;
      if (!this.isSkipped(before)) {
        yield* this.command(command);
      }
      const isJudged = connector === "&&" || connector === "||";
      if (this.ended || (this.stopsAtErrors && this.status !== 0 && !isJudged)) {
        return this.status;
      }
      before = connector;
    }
    if (problem !== null) {
      this.process.machine.printError(...this.messages.syntax(problem));
      return 2;
    }
    return this.status;
  }

  private isSkipped(before: Command["connector"]): boolean {
    if (before === "|") {
      // Only the left end of a pipe runs; the status is that of its right end.
      this.status = 0;
      return true;
    }
    return (before === "&&" && this.status !== 0) || (before === "||" && this.status === 0);
  }

  private *command({ words, targets, connector }: Command): Generator<number, void> {
    this.status = words.every(isAssignment) ? 0 : this.status;
    const argv = yield* this.expansion.all(words);
    const files = yield* this.expansion.all(targets);
    if (this.ended) {
      return;
    }
    const missing = files.find((path) => this.folders.isAbsent(path));
    if (missing !== undefined) {
      this.fail(this.messages.noTarget(missing), 1);
      return;
    }
    if (!this.variables.canStart()) {
      this.refuse("scripts that insert this much from variables");
      return;
    }
    const assigned: Record<string, string> = {};
    while (/^[A-Za-z_]\w*=/.test(argv[0] ?? "")) {
      const [variable, value] = splitAssignment(argv.shift() ?? "");
      assigned[variable] = value;
    }
    const [name, ...args] = argv;
    if (name === undefined) {
      this.variables.assign(assigned);
      return;
    }
    const builtin = this.builtin(name, args);
    if (builtin !== null) {
      this.status = yield* builtin;
      return;
    }
    if (name === "ls" && args.some((path) => this.folders.isAbsent(path))) {
      const path = args.find((arg) => this.folders.isAbsent(arg)) ?? "";
      this.fail(`ls: cannot access '${path}': No such file or directory`, 2);
      return;
    }
    this.folders.commandRuns(name);
    const env: Environment = { ...this.variables.exported, ...assigned };
    const program = this.process.machine.execute({ ...this.process, argv, env, shell: this.name });
    if (connector === "&" && this.process.machine.jobs() >= MAX_JOBS) {
      this.process.machine.print(`${this.name}: fork: Resource temporarily unavailable`);
      this.status = 254;
      return;
    }
    if (connector === "&") {
      this.process.machine.spawn(program);
      this.status = 0;
      return;
    }
    this.status = yield* program;
  }

  private builtin(name: string, args: readonly string[]): Program | null {
    switch (name) {
      case "export":
      case "declare":
        return this.export(args);
      case "unset":
        return this.unset(args);
      case "set":
        this.setOptions(args);
        return exited(0);
      case "cd":
        return exited(this.checked(args[0], this.messages.noFolder, 1));
      case "source":
      case ".":
        return exited(this.checked(args[0], this.messages.noScript, 1));
      case "exit":
        this.ended = true;
        return exited(Number(args[0] ?? this.status) & 255);
      case "exec":
        this.ended = args.length > 0;
        return this.ended
          ? this.process.machine.execute({
              ...this.process,
              argv: args,
              env: this.variables.exported,
              shell: this.name,
            })
          : exited(0);
      case "wait":
        return this.wait();
      case "[":
      case "[[":
      case "test":
        return this.test(name, args);
      case "while":
      case "until":
        return forever();
      case "if":
      case "for":
      case "case":
      case "function":
        this.refuse(`\`${name}\``);
        return exited(2);
      default:
        return QUIET_BUILTINS.has(name) ? exited(0) : null;
    }
  }

  private test(name: string, args: readonly string[]): Program {
    const result = judgeTest(name, args, this.process.machine);
    if (result === null) {
      this.refuse(`\`${name} ${args.join(" ")}\``);
      return exited(2);
    }
    if (typeof result === "number") {
      return exited(result);
    }
    this.fail(this.messages.test(name, result.message), 2);
    return exited(2);
  }

  /** 0, or another status if the path is not there, which is then reported. */
  private checked(
    path: string | undefined,
    message: (path: string) => string,
    status: number,
  ): number {
    if (path === undefined || !this.folders.isAbsent(path)) {
      return 0;
    }
    this.fail(message(path), status);
    return status;
  }

  private fail(message: string, status: number): void {
    this.process.machine.printError(message);
    this.status = status;
  }

  stop(message: string, status: number): void {
    this.fail(message, status);
    this.ended = true;
  }

  *runSubshell(script: Script, machine: Machine): Program {
    const process = { ...this.process, machine, depth: this.process.depth + 1 };
    const shell = new Shell(process, this.name, this.variables.copy());
    this.status = yield* shell.run(script);
    return this.status;
  }

  /** Reports what the emulator does not support, and ends the script. */
  refuse(what: string): void {
    this.process.machine.print(`${this.name}: the emulator does not model ${what}`);
    this.ended = true;
    this.status = 2;
  }

  private export(args: readonly string[]): Program {
    for (const arg of args.filter((text) => !text.startsWith("-"))) {
      this.variables.export(arg);
    }
    return exited(0);
  }

  private unset(args: readonly string[]): Program {
    for (const name of args) {
      this.variables.unset(name);
    }
    return exited(0);
  }

  private *wait(): Program {
    while (this.process.machine.jobs() > 0) {
      yield Number.POSITIVE_INFINITY;
    }
    return 0;
  }
}

function isAssignment(word: Word): boolean {
  return /^[A-Za-z_]\w*=/.test(literal(word));
}

const QUIET_BUILTINS = new Set([
  ":",
  "ulimit",
  "trap",
  "umask",
  "alias",
  "shopt",
  "hash",
  "readonly",
  "local",
]);
