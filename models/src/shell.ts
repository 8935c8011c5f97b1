import { BeyondLimits, MAX_EXPANSION_DEPTH, Room } from "./limits";
import type { Variables } from "./variables";

/**
 * Splits a script into its simple commands, each a list of words with quotes removed and variables
 * put in. What is not known stays as written: unset variables, since the image may set them, and
 * `$(commands)`. Words are read when asked for, so that a caller's change of `variables` reaches
 * the commands that follow. Redirections and comments are dropped; control structures come as the
 * words they are. Reads each character once.
 *
 * @throws {BeyondLimits} if the variables put in more than `room` has
 */
export function shellCommands(
  script: string,
  variables: Variables,
  room = new Room(),
): Generator<string[]> {
  return new Reader(script, variables, room).commands();
}

/** What stands for itself outside of quotes. */
const PLAIN = /[^\s\\'"$`<>#;&|(){}]+/y;
const PLAIN_WITHIN = /[^\s\\'"$`<>;&|()}]+/y;
const PLAIN_IN_QUOTES = /[^"\\$`]+/y;
const ENDS_COMMAND = /[;&|\n(){}]/;
/** The beginning of `${NAME}` and `${NAME:-default}`. */
const BRACED = /\$\{([a-z_]\w*)(?:(:?)[-=]|(?=\}))/iy;
const NAMED = /\$([a-z_]\w*)/iy;
const PLAIN_IN_DEFAULT = /[^}\\$`]+/y;

class Reader {
  private at = 0;

  constructor(
    private readonly script: string,
    private readonly variables: Variables,
    private readonly room: Room,
  ) {}

  *commands(): Generator<string[]> {
    let words: string[] = [];
    let word: string | null = null;
    let dropsNext = false;
    const endWord = () => {
      if (word !== null && !dropsNext) words.push(word);
      if (word !== null) dropsNext = false;
      word = null;
    };
    while (this.at < this.script.length) {
      const char = this.script.charAt(this.at);
      if (this.take(/\\\n/y) !== "") continue;
      const read = this.partOfWord(char, word !== null);
      if (read !== null) {
        word = (word ?? "") + read;
      } else if (char === ">" || char === "<") {
        if (/^\d{1,3}$/.test(word ?? "")) word = null;
        endWord();
        dropsNext = true;
        this.take(/[<>]+[&|]?/y);
      } else if (char === "#") {
        this.take(/.*/y);
      } else {
        endWord();
        this.at++;
        if (!ENDS_COMMAND.test(char)) continue;
        if (words.length > 0) yield words;
        words = [];
        dropsNext = false;
      }
    }
    endWord();
    if (words.length > 0) yield words;
  }

  /** What is read here of a word; null if this character ends the word, or begins none. */
  private partOfWord(char: string, isWithin: boolean): string | null {
    if (char === '"') return this.doubleQuoted();
    if (char === "$" || char === "`") return this.expansion(0);
    if (char === "\\") {
      this.at += 2;
      return this.script.charAt(this.at - 1);
    }
    if (char === "'") {
      this.at++;
      return this.upTo("'");
    }
    return this.take(isWithin ? PLAIN_WITHIN : PLAIN) || null;
  }

  private doubleQuoted(): string {
    this.at++;
    let text = "";
    while (this.at < this.script.length && this.script.charAt(this.at) !== '"') {
      text += this.take(PLAIN_IN_QUOTES) || this.quotedEscape() || this.expansion(0);
    }
    this.at++;
    return text;
  }

  /** A backslash in double quotes, which stays but before these. */
  private quotedEscape(): string {
    const pair = this.take(/\\.?/sy);
    return /^\\["$`\\]$/.test(pair) ? pair.slice(1) : pair;
  }

  /** `$NAME`, `${…}`, `$(…)` or a command in back-quotes: its value, or as it is written. */
  private expansion(depth: number): string {
    const from = this.at;
    const [, name] = this.match(NAMED) ?? [];
    if (name !== undefined) return this.valueOf(name) ?? this.script.slice(from, this.at);
    const [, braced, colon] = this.match(BRACED) ?? [];
    if (braced !== undefined) return this.braced(from, braced, colon, depth);
    const [, opening] = this.match(/(`|\$[{(]?)/y) ?? [];
    if (opening === "`") this.upTo("`");
    if (opening === "${") this.upTo("}");
    if (opening === "$(") this.skipParentheses();
    return this.script.slice(from, this.at);
  }

  /** After `${NAME`, and after the `:-` of a default. */
  private braced(from: number, name: string, colon: string | undefined, depth: number): string {
    if (depth >= MAX_EXPANSION_DEPTH)
      throw new BeyondLimits(
        `it nests defaults of variables more than ${MAX_EXPANSION_DEPTH} deep`,
      );
    let otherwise = "";
    while (this.at < this.script.length && this.script.charAt(this.at) !== "}") {
      otherwise += this.take(PLAIN_IN_DEFAULT) || this.quotedEscape() || this.expansion(depth + 1);
    }
    if (this.at >= this.script.length) return this.script.slice(from);
    this.at++;
    const value = this.valueOf(name);
    if (colon === undefined) return value ?? this.script.slice(from, this.at);
    return value === undefined || (value === "" && colon === ":") ? otherwise : value;
  }

  private valueOf(name: string): string | undefined {
    const value = this.variables.get(name);
    this.room.take(value?.length ?? 0);
    return value;
  }

  /** Up to the one that closes `$(`; what is quoted in there counts as well. */
  private skipParentheses(): void {
    for (let depth = 1; depth > 0 && this.at < this.script.length; this.at++) {
      const char = this.script.charAt(this.at);
      depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    }
  }

  /** What comes before the next such mark, or all the rest; goes on behind the mark. */
  private upTo(mark: string): string {
    const from = this.at;
    const end = this.script.indexOf(mark, from);
    this.at = (end < 0 ? this.script.length : end) + 1;
    return this.script.slice(from, this.at - 1);
  }

  /** What the sticky pattern finds here; "" if nothing. */
  private take(pattern: RegExp): string {
    return this.match(pattern)?.[0] ?? "";
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.script);
    this.at += found?.[0].length ?? 0;
    return found;
  }
}
