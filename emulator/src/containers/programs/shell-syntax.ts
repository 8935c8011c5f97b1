/** A piece of a word: literal text, or a variable to be expanded. */
export type Part = { kind: "text"; text: string; quoted: boolean } | Variable;

export interface Variable {
  kind: "variable";
  name: string;
  /** `-` for `${NAME:-operand}`, `+` for `${NAME:+operand}`. */
  operator: "-" | "+" | null;
  operand: string;
  quoted: boolean;
}

export type Word = readonly Part[];

export interface Command {
  words: readonly Word[];
  /** The operator between this command and the next one. */
  connector: "&&" | "||" | ";" | "&" | "|";
}

/**
 * Splits a shell script into simple commands. Redirections are skipped, the output of `$(...)` is
 * empty, and grouping with braces or parentheses is ignored.
 */
export function parseScript(script: string): Command[] {
  return new Parser(script).commands();
}

class Parser {
  private at = 0;
  private readonly done: Command[] = [];
  private words: Word[] = [];
  /** The word being read; null between words. */
  private word: Part[] | null = null;
  private skipNextWord = false;

  constructor(private readonly script: string) {}

  commands(): Command[] {
    while (this.at < this.script.length) {
      this.step();
    }
    this.endCommand(";");
    return this.done;
  }

  private step(): void {
    const operator = this.match(/&&|\|\||;;?|\n|\|&?|&(?!>)/y);
    if (operator !== null) {
      this.endCommand(
        operator === "&&" || operator === "||" || operator === "&"
          ? operator
          : operator.startsWith("|")
            ? "|"
            : ";",
      );
    } else if (this.match(/[ \t\r]+|\\\n/y) !== null) {
      this.endWord();
    } else if (this.word === null && this.match(/#[^\n]*|[(){}](?=[\s;]|$)|\(/y) !== null) {
      return;
    } else if (this.match(/\)/y) !== null) {
      this.endWord();
    } else if (this.match(/\d?>&\d|\d?<&\d/y) !== null) {
      this.endWord();
    } else if (this.match(/(?:&|\d)?>>?\|?|<<?<?/y) !== null) {
      this.endWord();
      this.skipNextWord = true;
    } else if (this.match(/'/y) !== null) {
      this.add(this.match(/[^']*/y) ?? "", true);
      this.match(/'/y);
    } else if (this.match(/"/y) !== null) {
      this.doubleQuoted();
    } else if (this.match(/\\/y) !== null) {
      this.add(this.match(/[\s\S]/y) ?? "", true);
    } else if (!this.expansion(false)) {
      this.add(this.match(/[^\s"'\\$`;&|<>)]+|[\s\S]/y) ?? "", false);
    }
  }

  private doubleQuoted(): void {
    this.add("", true);
    while (this.at < this.script.length && this.match(/"/y) === null) {
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
    if (this.match(/`[^`]*`/y) !== null) {
      this.add("", quoted);
      return true;
    }
    if (this.script.startsWith("$(", this.at)) {
      this.skipSubstitution();
      this.add("", quoted);
      return true;
    }
    const text = this.match(/\$\{(?:[^{}]|\{[^{}]*\})*\}|\$(?:[A-Za-z_]\w*|[?$#@*!0-9])/y);
    if (text === null) {
      return false;
    }
    const inner = text.startsWith("${") ? text.slice(2, -1) : text.slice(1);
    const [, name = "", operator, operand = ""] = inner.match(/^(\w+|.)(?::?([-=+])(.*))?/s) ?? [];
    this.word ??= [];
    this.word.push({
      kind: "variable",
      name,
      operator: operator === "+" ? "+" : operator === undefined ? null : "-",
      operand,
      quoted,
    });
    return true;
  }

  private skipSubstitution(): void {
    let depth = 0;
    do {
      const char = this.script[this.at++];
      depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    } while (this.at < this.script.length && (depth > 0 || this.script[this.at - 1] === "$"));
  }

  private add(text: string, quoted: boolean): void {
    this.word ??= [];
    this.word.push({ kind: "text", text, quoted });
  }

  private endWord(): void {
    if (this.word !== null && !this.skipNextWord) {
      this.words.push(this.word);
    }
    this.skipNextWord &&= this.word === null;
    this.word = null;
  }

  private endCommand(connector: Command["connector"]): void {
    this.endWord();
    this.skipNextWord = false;
    const last = this.done.at(-1);
    if (this.words.length > 0) {
      this.done.push({ words: this.words, connector });
    } else if (last && connector !== ";") {
      // After the end of a group: its last command decides.
      last.connector = connector;
    }
    this.words = [];
  }

  /** Reads what the sticky pattern matches at this position. */
  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.script)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }
}
