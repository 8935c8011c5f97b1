import { BeyondLimits, MAX_EXPANSION_DEPTH, type Room } from "./limits";
import type { Variables } from "./variables";

const PLAIN_IN_QUOTES = /[^"\\$`]+/y;
/** The beginning of `${NAME}` and `${NAME:-default}`. */
const BRACED = /\$\{([a-z_]\w*|[1-9]\d?)(?:(:?)[-=]|(?=\}))/iy;
const NAMED = /\$([a-z_]\w*|[1-9])/iy;
const PLAIN_IN_DEFAULT = /[^}\\$`]+/y;
/** All items of an array, or all arguments: `${A[@]}`, `$@`, `$*`. */
const ALL = /\$\{([a-z_]\w*)\[[@*]\]\}|\$(?:[@*]|\{[@*]\})/iy;

/** A part of a word: a string, or the words that an expansion produces. */
export type Part = string | readonly string[];

/** Reads a script from start to end, each character once, and expands variables, arrays and arguments. */
export class ShellText {
  protected at = 0;

  constructor(
    protected readonly script: string,
    protected readonly variables: Variables,
    protected readonly room: Room,
  ) {}

  protected get isAtEnd(): boolean {
    return this.at >= this.script.length;
  }

  /** Reads a double-quoted string, in which only an array expands to several words. */
  protected *doubleQuoted(): Generator<Part> {
    this.at++;
    while (!this.isAtEnd && this.script.charAt(this.at) !== '"') {
      yield this.items() ?? this.textInQuotes(0, PLAIN_IN_QUOTES);
    }
    this.at++;
  }

  /** Reads an unquoted expansion, whose value splits at whitespace. */
  protected unquoted(): Part {
    const from = this.at;
    const text = this.items() ?? this.expansion(0);
    const isAsWritten = text === this.script.slice(from, this.at);
    return typeof text !== "string" || isAsWritten ? text : text.split(/\s+/);
  }

  /** Reads an expansion of an array or all arguments; null if there is none here or its items are not known. */
  private items(): readonly string[] | null {
    const from = this.at;
    const found = this.match(ALL);
    const items = found && this.variables.list(found[1] ?? "@");
    if (!items) {
      this.at = from;
    } else {
      this.room.take(items.reduce((sum, item) => sum + item.length + 1, 0));
    }
    return items ?? null;
  }

  /** Reads `$NAME`, `${…}`, `$(…)` or a command in backquotes: its value, or as written if not known. */
  private expansion(depth: number): string {
    const from = this.at;
    const [, name] = this.match(NAMED) ?? [];
    if (name !== undefined) {
      return this.valueOf(name) ?? this.script.slice(from, this.at);
    }
    const [, braced, colon] = this.match(BRACED) ?? [];
    if (braced !== undefined) {
      return this.braced(from, braced, colon, depth);
    }
    const [, opening] = this.match(/(`|\$[{(]?)/y) ?? [];
    if (opening === "`") {
      this.upTo("`");
    }
    if (opening === "${") {
      this.upTo("}");
    }
    if (opening === "$(") {
      this.skipParentheses();
    }
    return this.script.slice(from, this.at);
  }

  /** Reads the rest of `${NAME}` or `${NAME:-default}`, after the name or the `:-`. */
  private braced(from: number, name: string, colon: string | undefined, depth: number): string {
    if (depth >= MAX_EXPANSION_DEPTH) {
      throw new BeyondLimits(`it nests variable defaults more than ${MAX_EXPANSION_DEPTH} deep`);
    }
    let otherwise = "";
    while (!this.isAtEnd && this.script.charAt(this.at) !== "}") {
      otherwise += this.textInQuotes(depth + 1, PLAIN_IN_DEFAULT);
    }
    if (this.isAtEnd) {
      return this.script.slice(from);
    }
    this.at++;
    const value = this.valueOf(name);
    if (colon === undefined) {
      return value ?? this.script.slice(from, this.at);
    }
    return value === undefined || (value === "" && colon === ":") ? otherwise : value;
  }

  private textInQuotes(depth: number, plain: RegExp): string {
    return this.take(plain) || this.quotedEscape() || this.expansion(depth);
  }

  /** Reads a backslash in double quotes, where it escapes only a few characters. */
  private quotedEscape(): string {
    const pair = this.take(/\\.?/sy);
    if (pair === "\\\n") {
      return this.isAtEnd ? "" : this.take(PLAIN_IN_QUOTES);
    }
    return /^\\["$`\\]$/.test(pair) ? pair.slice(1) : pair;
  }

  private valueOf(name: string): string | undefined {
    const isArgument = /^\d/.test(name);
    const value = isArgument
      ? this.variables.list("@")?.[Number(name) - 1]
      : this.variables.get(name);
    this.room.take(value?.length ?? 0);
    return value;
  }

  /** Skips past the parenthesis that closes `$(`, counting quoted parentheses too. */
  protected skipParentheses(): void {
    for (let depth = 1; depth > 0 && !this.isAtEnd; this.at++) {
      const char = this.script.charAt(this.at);
      depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    }
  }

  /** Reads past the next `mark`, or to the end; returns what comes before it. */
  protected upTo(mark: string): string {
    const from = this.at;
    const end = this.script.indexOf(mark, from);
    this.at = (end < 0 ? this.script.length : end) + mark.length;
    return this.script.slice(from, end < 0 ? undefined : end);
  }

  /** Reads what the sticky pattern matches here; "" if nothing. */
  protected take(pattern: RegExp): string {
    return this.match(pattern)?.[0] ?? "";
  }

  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.script);
    this.at += found?.[0].length ?? 0;
    return found;
  }
}
