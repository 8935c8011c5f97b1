import { MAX_JOBS } from "../limits";
import type { Environment, Process, Program } from "../machine";
import { exited, forever } from "../machine";
import { type Command, parseScript, type Variable, type Word } from "./shell-syntax";
import { isTestTrue } from "./shell-test";
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
  const shell = new Shell(process, name, letters.includes("e"));
  return yield* shell.run(parseScript(first));
}

class Shell {
  private status = 0;
  private ended = false;
  private readonly variables: ShellVariables;

  constructor(
    private readonly process: Process,
    private readonly name: string,
    private stopsAtErrors: boolean,
  ) {
    this.variables = new ShellVariables(process.env, process.steps);
  }

  *run(commands: readonly Command[]): Program {
    let before: Command["connector"] = ";";
    for (const { words, connector } of commands) {
      if (!this.isSkipped(before)) {
        yield* this.command(words, connector);
      }
      const isJudged = connector === "&&" || connector === "||";
      if (this.ended || (this.stopsAtErrors && this.status !== 0 && !isJudged)) {
        break;
      }
      before = connector;
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

  private *command(
    words: readonly Word[],
    connector: Command["connector"],
  ): Generator<number, void> {
    const argv = words.flatMap((word) => this.expand(word));
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
      this.status = 0;
      return;
    }
    const builtin = this.builtin(name, args);
    if (builtin !== null) {
      this.status = yield* builtin;
      return;
    }
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
        this.stopsAtErrors ||= args.some((arg) => /^-\w*e/.test(arg));
        return exited(0);
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
        return exited(isTestTrue(args, this.process.machine.disk) ? 0 : 1);
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

  /** Reports what the emulator does not support, and ends the script. */
  private refuse(what: string): void {
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

  /** One word of a script may become none or several. */
  private expand(word: Word): string[] {
    const results: string[] = [];
    let current: string | null = null;
    for (const part of word) {
      const text = part.kind === "text" ? part.text : this.valueOf(part);
      if (part.quoted || part.kind === "text") {
        current = (current ?? "") + text;
        continue;
      }
      const [head = "", ...others] = text.split(/[ \t\n]+/);
      current = head === "" && current === null ? null : (current ?? "") + head;
      for (const other of others) {
        results.push(...(current === null ? [] : [current]));
        current = other;
      }
    }
    const isEmptyExpansion = current === "" && !word.some((part) => part.quoted);
    return current === null || isEmptyExpansion ? results : [...results, current];
  }

  private valueOf({ name, operator, operand }: Variable): string {
    const value = this.read(name);
    const isOperandUsed = operator === "+" ? value !== "" : operator === "-" && value === "";
    if (isOperandUsed) {
      return operand.replace(/\$\{?(\w+)\}?/g, (_, inner: string) => this.read(inner));
    }
    return operator === "+" ? "" : value;
  }

  private read(name: string): string {
    return name === "?" ? String(this.status) : this.variables.read(name);
  }
}

const QUIET_BUILTINS = new Set([
  ":",
  "cd",
  "source",
  ".",
  "ulimit",
  "trap",
  "umask",
  "alias",
  "shopt",
  "hash",
  "readonly",
  "local",
]);
