/** A piece of a word: literal text, or a variable to be expanded. */
export type Part =
  | { kind: "text"; text: string; quoted: boolean }
  /** The result of a substitution, which is split unless it is quoted. */
  | { kind: "value"; text: string; quoted: boolean }
  | { kind: "output"; script: string; quoted: boolean }
  | { kind: "arithmetic"; expression: string; quoted: boolean }
  | Variable;

export interface Variable {
  kind: "variable";
  name: string;
  /** `-` for `${NAME:-operand}`, `+` for `${NAME:+operand}`, `?` for `${NAME:?operand}`. */
  operator: "-" | "+" | "?" | null;
  /** Whether an empty value counts as set, as without the colon. */
  takesEmpty: boolean;
  operand: string;
  quoted: boolean;
}

export type Word = readonly Part[];

export interface Command {
  words: readonly Word[];
  /** The files that it writes to. */
  targets: readonly Word[];
  /** The operator between this command and the next one. */
  connector: "&&" | "||" | ";" | "&" | "|";
}

/** Why a script cannot be read. */
export interface SyntaxProblem {
  line: number;
  /** The quote or parenthesis that is not closed, the operator that is not expected, or the end. */
  what: { open: string } | { token: string; text: string } | "end";
}

export interface Script {
  /** Up to the line that cannot be read, as a shell reads and runs line by line. */
  commands: readonly Command[];
  problem: SyntaxProblem | null;
}

/** Splits a shell script into simple commands. Grouping with braces or parentheses is ignored. */
export function parseScript(script: string): Script {
  return new Parser(script).read();
}

class Parser {
  private at = 0;
  private readonly done: Command[] = [];
  private words: Word[] = [];
  /** The word being read; null between words. */
  private word: Part[] | null = null;
  private targets: Word[] = [];
  /** Where the next word goes after a redirection. */
  private redirection: ">" | "<" | null = null;
  /** Whether a command must follow. */
  private isPending = false;
  /** Whether a group has just ended, which counts as a command. */
  private isClosed = false;
  /** How many commands stand on lines that are complete. */
  private complete = 0;
  private problem: SyntaxProblem | null = null;

  constructor(private readonly script: string) {}

  read(): Script {
    while (this.at < this.script.length && this.problem === null) {
      this.step();
    }
    this.endWord();
    const isMissing = this.isPending && !this.hasCommand();
    this.endCommand(";");
    if (isMissing) {
      this.fail("end");
    }
    const { done, problem, complete } = this;
    return { commands: problem === null ? done : done.slice(0, complete), problem };
  }

  private fail(what: SyntaxProblem["what"], at = this.at): void {
    const line = this.script.slice(0, at).split("\n").length;
    this.problem ??= { line: what === "end" ? line + 1 : line, what };
  }

  private hasCommand(): boolean {
    return this.words.length + this.targets.length > 0 || this.isClosed;
  }

  /** The operators that join commands need one on either side. */
  private checkOperator(operator: string): void {
    const hasCommand = this.hasCommand();
    const joins = operator === "&&" || operator === "||" || operator.startsWith("|");
    if (!hasCommand && (joins || (this.isPending && operator !== "\n"))) {
      const before = this.script.slice(0, this.at - operator.length);
      const [text = ""] = this.script.slice(before.lastIndexOf("\n") + 1).split("\n", 1);
      this.fail({ token: operator, text });
    }
    this.isPending = joins || (this.isPending && !hasCommand);
    this.isClosed = false;
  }

  private step(): void {
    const operator = this.match(/&&|\|\||;;?|\n|\|&?|&(?!>)/y);
    if (operator !== null) {
      this.endWord();
      this.checkOperator(operator);
      this.endCommand(
        operator === "&&" || operator === "||" || operator === "&"
          ? operator
          : operator.startsWith("|")
            ? "|"
            : ";",
      );
      if (operator === "\n" && !this.isPending) {
        this.complete = this.done.length;
      }
    } else if (this.match(/[ \t\r]+|\\\n/y) !== null) {
      this.endWord();
    } else if (this.word === null && this.match(/#[^\n]*|[({](?=[\s;]|$)|\(/y) !== null) {
      return;
    } else if (this.word === null && this.match(/\}(?=[\s;]|$)/y) !== null) {
      this.isClosed = true;
    } else if (this.match(/\)/y) !== null) {
      this.endWord();
      this.isClosed = true;
    } else if (this.match(/\d?>&\d|\d?<&\d/y) !== null) {
      this.endWord();
    } else if (this.redirects()) {
      return;
    } else if (this.match(/'/y) !== null) {
      const begin = this.at;
      this.add(this.match(/[^']*/y) ?? "", true);
      if (this.match(/'/y) === null) {
        this.fail({ open: "'" }, begin);
      }
    } else if (this.match(/"/y) !== null) {
      this.doubleQuoted();
    } else if (this.match(/\\/y) !== null) {
      this.add(this.match(/[\s\S]/y) ?? "", true);
    } else if (!this.expansion(false)) {
      this.add(this.match(/[^\s"'\\$`;&|<>)]+|[\s\S]/y) ?? "", false);
    }
  }

  private redirects(): boolean {
    const operator = this.match(/(?:&|\d)?>>?\|?|<<?<?/y);
    if (operator === null) {
      return false;
    }
    this.endWord();
    this.redirection = operator.includes(">") ? ">" : "<";
    return true;
  }

  private doubleQuoted(): void {
    const begin = this.at;
    this.add("", true);
    while (this.match(/"/y) === null) {
      if (this.at >= this.script.length) {
        this.fail({ open: '"' }, begin);
        return;
      }
      const escaped = this.match(/\\[$`"\\\n]/y);
      if (escaped !== null) {
        this.add(escaped === "\\\n" ? "" : escaped.slice(1), true);
      } else if (!this.expansion(true)) {
        this.add(this.match(/[^"\\$`]+|[\s\S]/y) ?? "", true);
      }
    }
  }

  /** Reads `$NAME`, `${NAME}`, `${NAME:-fallback}`, `$(...)` or backticks, if one is at this position. */
  private expansion(quoted: boolean): boolean {
    const ticks = this.match(/`[^`]*`/y);
    if (ticks !== null) {
      this.push({ kind: "output", script: ticks.slice(1, -1), quoted });
      return true;
    }
    if (this.script.startsWith("$(", this.at)) {
      const inner = this.parenthesized();
      const isArithmetic = inner.startsWith("(") && inner.endsWith(")");
      this.push(
        isArithmetic
          ? { kind: "arithmetic", expression: inner.slice(1, -1), quoted }
          : { kind: "output", script: inner, quoted },
      );
      return true;
    }
    const text = this.match(/\$\{(?:[^{}]|\{[^{}]*\})*\}|\$(?:[A-Za-z_]\w*|[?$#@*!0-9])/y);
    if (text === null) {
      return false;
    }
    const inner = text.startsWith("${") ? text.slice(2, -1) : text.slice(1);
    const [, name = "", colon, operator, operand = ""] =
      inner.match(/^(\w+|.)(?:(:?)([-=+?])(.*))?/s) ?? [];
    this.push({
      kind: "variable",
      name,
      operator: operator === "=" ? "-" : ((operator ?? null) as Variable["operator"]),
      takesEmpty: colon === "",
      operand,
      quoted,
    });
    return true;
  }

  /** What stands between `$(` and its `)`. */
  private parenthesized(): string {
    const begin = this.at + 2;
    let depth = 0;
    do {
      const char = this.script[this.at++];
      depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    } while (this.at < this.script.length && (depth > 0 || this.script[this.at - 1] === "$"));
    if (depth > 0) {
      this.fail({ open: ")" }, begin);
    }
    return this.script.slice(begin, this.at - 1);
  }

  private push(part: Part): void {
    this.word ??= [];
    this.word.push(part);
  }

  private add(text: string, quoted: boolean): void {
    this.push({ kind: "text", text, quoted });
  }

  private endWord(): void {
    if (this.word === null) {
      return;
    }
    if (this.redirection === null) {
      this.words.push(this.word);
    } else if (this.redirection === ">") {
      this.targets.push(this.word);
    }
    this.redirection = null;
    this.word = null;
  }

  private endCommand(connector: Command["connector"]): void {
    this.endWord();
    this.redirection = null;
    const last = this.done.at(-1);
    if (this.words.length > 0) {
      this.done.push({ words: this.words, targets: this.targets, connector });
    } else if (last && connector !== ";") {
      // After the end of a group: its last command decides.
      last.connector = connector;
    }
    this.words = [];
    this.targets = [];
  }

  /** Reads what the sticky pattern matches at this position. */
  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.script)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }
}
