import { MAX_PROCESS_DEPTH } from "../limits";
import type { Machine, Process, Program } from "../machine";
import { besideItsCommand } from "../runtime/second-command";
import { arithmetic } from "./shell-arithmetic";
import type { ShellMessages } from "./shell-messages";
import { type Part, parseScript, type Script, type Variable, type Word } from "./shell-syntax";
import type { ShellVariables } from "./shell-variables";

/** The shell whose words are expanded. */
interface ExpandingShell {
  readonly process: Process;
  readonly variables: ShellVariables;
  readonly messages: ShellMessages;
  readonly status: number;
  readonly ended: boolean;
  readonly refusesUnset: boolean;
  /** Reports a mistake and ends the script. */
  stop(message: string, status: number): void;
  /** Reports what the emulator does not support, and ends the script. */
  refuse(what: string): void;
  runSubshell(script: Script, machine: Machine): Program;
}

/** Turns words of a script into arguments. */
export class Expansion {
  constructor(private readonly shell: ExpandingShell) {}

  *all(words: readonly Word[]): Generator<number, string[]> {
    const all: string[] = [];
    for (const word of words) {
      const parts: Part[] = [];
      for (const part of word) {
        parts.push(yield* this.substituted(part));
      }
      all.push(...this.expand(parts));
    }
    return all;
  }

  private *substituted(part: Part): Generator<number, Part> {
    if (part.kind === "output") {
      const text = yield* this.outputOf(part.script);
      return { kind: "value", text, quoted: part.quoted };
    }
    if (part.kind !== "arithmetic") {
      return part;
    }
    const inserted = part.expression.replace(/\$\{?(\w+)\}?/g, (_, name: string) =>
      this.read(name),
    );
    const value = arithmetic(inserted, (name) => this.read(name));
    if (value === null) {
      this.shell.stop(this.shell.messages.arithmetic(part.expression), 1);
    }
    return { kind: "value", text: String(value ?? ""), quoted: part.quoted };
  }

  /** What a subshell prints; nothing if its commands are not modeled. */
  private *outputOf(source: string): Generator<number, string> {
    const { process } = this.shell;
    const script = parseScript(source);
    const isModeled = script.commands.every(
      ({ words, connector }) => connector !== "|" && PRINTS_AS_REAL.has(literal(words[0])),
    );
    if (!isModeled || process.depth >= MAX_PROCESS_DEPTH) {
      return "";
    }
    const lines: string[] = [];
    const machine = besideItsCommand(process.machine, {
      print: (...printed) => lines.push(...printed),
      printError: (...printed) => process.machine.printError(...printed),
    });
    yield* this.shell.runSubshell(script, machine);
    while (lines.at(-1) === "") {
      lines.pop();
    }
    const text = lines.join("\n");
    if (!process.steps.take(text.length)) {
      this.shell.refuse("scripts that insert this much from commands");
    }
    return text;
  }

  /** One word of a script may become none or several. */
  private expand(word: readonly Part[]): string[] {
    const results: string[] = [];
    let current: string | null = null;
    for (const part of word) {
      const text = part.kind === "variable" ? this.valueOf(part) : textOf(part);
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

  private valueOf({ name, operator, takesEmpty, operand }: Variable): string {
    const { messages, variables } = this.shell;
    const value = this.read(name);
    const isSet = !/^[A-Za-z_]/.test(name) ? value !== "" : variables.isSet(name);
    const isThere = isSet && (takesEmpty || value !== "");
    if (operator === (isThere ? "+" : "-")) {
      return operand.replace(/\$\{?(\w+)\}?/g, (_, inner: string) => this.read(inner));
    }
    if (operator === "?" && !isThere) {
      this.shell.stop(messages.required(name, operand, takesEmpty), messages.unsetStatus);
    }
    const isRefused = this.shell.refusesUnset && operator === null && !isSet;
    if (isRefused && /^[A-Za-z_]/.test(name) && !this.shell.ended) {
      this.shell.stop(messages.unset(name), messages.unsetStatus);
    }
    return operator === "+" ? "" : value;
  }

  private read(name: string): string {
    return name === "?" ? String(this.shell.status) : this.shell.variables.read(name);
  }
}

function textOf(part: Part): string {
  return part.kind === "text" || part.kind === "value" ? part.text : "";
}

/** A word that needs no expansion. */
export function literal(word: Word | undefined): string {
  return (word ?? []).map(textOf).join("");
}

/** Commands whose output is as the real one, so that `$(...)` can insert it. */
const PRINTS_AS_REAL = new Set(
  "echo hostname nvidia-smi df true false test [ [[ exit :".split(" "),
);
