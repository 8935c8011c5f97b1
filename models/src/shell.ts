import { mayBeScript } from "./here-document";
import { Room } from "./limits";
import { type Part, ShellText } from "./shell-expansion";
import type { Variables } from "./variables";

/**
 * Splits a script into simple commands, each a list of words with quotes removed and variables,
 * arrays and arguments expanded. Unknown values stay as written: unset variables, which the image may
 * set, and `$(commands)`. Reads lazily, so a caller's change to `variables` affects the commands that
 * follow. Stores arrays and functions in `variables`. Drops redirections and comments, and keeps
 * control structures as plain words. The commands of a here document follow its own command, if a
 * shell may run them. Reads each character once.
 *
 * @throws {BeyondLimits} if the variables expand to more than `room` has left
 */
export function shellCommands(
  script: string,
  variables: Variables,
  room = new Room(),
): Generator<string[]> {
  return new Reader(script, variables, room, true).commands();
}

/** A command on one line, truncated to 80 characters. */
export function shown(words: readonly string[]): string {
  const line = words.join(" ").replaceAll(/\s+/g, " ");
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN - 1)}…` : line;
}

const LONGEST_SHOWN = 80;

/** Characters without a special meaning outside quotes. */
const PLAIN = /[^\s\\'"$`<>#;&|(){}]+/y;
const PLAIN_WITHIN = /[^\s\\'"$`<>;&|()}]+/y;
const ENDS_COMMAND = /[;&|\n(){}]/;
const ARRAY = /^([a-z_]\w*)\+?=$/i;
const FUNCTION_NAME = /^[\w:.-]+$/;
const HERE_DOCUMENT = /<<(-?)\s*(['"]?)([\w.-]+)\2/y;

class Reader extends ShellText {
  constructor(
    script: string,
    variables: Variables,
    room: Room,
    private readonly hasDocuments: boolean,
  ) {
    super(script, variables, room);
  }

  private words: string[] = [];
  private word: string | null = null;
  private dropsNext = false;
  private readonly documents: { readonly end: string; readonly command: readonly string[] }[] = [];
  private readonly targets = new Map<readonly string[], string>();

  *commands(): Generator<string[]> {
    while (!this.isAtEnd) {
      const char = this.script.charAt(this.at);
      if (this.take(/\\\r?\n/y) !== "" || this.wordGrows(char)) {
        continue;
      }
      if (char === ">" || char === "<") {
        this.redirection();
      } else if (char === "#") {
        this.take(/.*/y);
      } else if (char === "(" && this.array()) {
      } else if ((char === "(" || char === "{") && this.function()) {
      } else {
        this.endWord();
        this.at++;
        if (!ENDS_COMMAND.test(char)) {
          continue;
        }
        yield* this.endCommand();
        if (char === "\n") {
          yield* this.hereDocuments();
        }
      }
    }
    this.endWord();
    yield* this.endCommand();
  }

  private *endCommand(): Generator<string[]> {
    const { words } = this;
    this.words = [];
    this.dropsNext = false;
    if (words.length > 0) {
      yield words;
    }
  }

  private endWord(): void {
    const { word, dropsNext } = this;
    this.word = null;
    if (word === null) {
      return;
    }
    if (dropsNext) {
      this.targets.set(this.words, word);
    } else {
      this.words.push(word);
    }
    this.dropsNext = false;
  }

  /** Reads the next part of a word; false if this character ends the word or cannot begin one. */
  private wordGrows(char: string): boolean {
    if (char === '"') {
      const parts = [...this.doubleQuoted()];
      // "${NONE[@]}" is no word, and "" is an empty one.
      if (parts.length === 0 || !parts.every(({ length }) => length === 0)) {
        this.word ??= "";
      }
      for (const part of parts) {
        this.add(part);
      }
    } else if (char === "$" || char === "`") {
      this.add(this.unquoted());
    } else if (char === "\\") {
      this.at += 2;
      this.add(this.script.charAt(this.at - 1));
    } else if (char === "'") {
      this.at++;
      this.add(this.upTo("'"));
    } else {
      const text = this.take(this.word === null ? PLAIN : PLAIN_WITHIN);
      if (text === "") {
        return false;
      }
      this.add(text);
    }
    return true;
  }

  /** Adds a string, even an empty one, to the current word; or adds several words, without empty ones. */
  private add(part: Part): void {
    if (typeof part === "string") {
      this.word = (this.word ?? "") + part;
      return;
    }
    const [first = "", ...rest] = part;
    if (first !== "") {
      this.add(first);
    }
    for (const word of rest) {
      this.endWord();
      this.word = word || null;
    }
  }

  private redirection(): void {
    if (/^\d{1,3}$/.test(this.word ?? "")) {
      this.word = null;
    }
    this.endWord();
    const [, , , end] = this.match(HERE_DOCUMENT) ?? [];
    if (end !== undefined && this.hasDocuments) {
      this.documents.push({ end, command: this.words });
      return;
    }
    this.dropsNext = end === undefined;
    this.take(/[<>]+[&|]?/y);
  }

  /** The commands in the here documents of the line that just ended. */
  private *hereDocuments(): Generator<string[]> {
    for (const { end, command } of this.documents.splice(0)) {
      const body = this.linesUpTo(end);
      if (!mayBeScript(command, this.targets.get(command))) {
        continue;
      }
      yield* new Reader(body, this.variables, this.room, false).commands();
    }
  }

  /** Reads past the line that is only `end`, or to the end of the script; returns the lines before it. */
  private linesUpTo(end: string): string {
    const from = this.at;
    while (!this.isAtEnd) {
      const start = this.at;
      if (this.upTo("\n").trim() === end) {
        return this.script.slice(from, start);
      }
    }
    return this.script.slice(from);
  }

  /** Reads `A=(x y)`; false if there is none here. */
  private array(): boolean {
    const [, name] = ARRAY.exec(this.word ?? "") ?? [];
    if (name === undefined) {
      return false;
    }
    const isMore = this.word?.endsWith("+=") === true;
    const before = this.words;
    this.words = [];
    this.word = null;
    for (this.at++; !this.isAtEnd && this.script.charAt(this.at) !== ")"; ) {
      const char = this.script.charAt(this.at);
      if (this.wordGrows(char)) {
        continue;
      }
      this.endWord();
      if (char === "#") {
        this.take(/.*/y);
      } else {
        this.at++;
      }
    }
    this.at++;
    this.endWord();
    const items = [...(isMore ? (this.variables.list(name) ?? []) : []), ...this.words];
    this.room.take(items.reduce((sum, item) => sum + item.length + 1, 0));
    this.variables.setList(name, items);
    this.words = before;
    return true;
  }

  /** Reads and stores `name() { … }` or `function name { … }`; false if there is none here. */
  private function(): boolean {
    const name = this.word ?? this.words.at(-1) ?? "";
    const isFirst = this.words.length === (this.word === null ? 1 : 0);
    const isNamed = isFirst || this.words[0] === "function";
    if (!isNamed || !FUNCTION_NAME.test(name)) {
      return false;
    }
    if (this.take(this.words[0] === "function" ? /(?:\(\s*\)\s*)?\{/y : /\(\s*\)\s*\{/y) === "") {
      return false;
    }
    this.words = [];
    this.word = null;
    const from = this.at;
    for (let depth = 1; depth > 0 && !this.isAtEnd; ) {
      const char = this.script.charAt(this.at);
      if (this.wordGrows(char)) {
        continue;
      }
      this.word = null;
      this.words = [];
      depth += char === "{" ? 1 : char === "}" ? -1 : 0;
      if (char === "#") {
        this.take(/.*/y);
      } else {
        this.at++;
      }
    }
    this.word = null;
    this.words = [];
    this.variables.define(name, this.script.slice(from, this.at - 1));
    return true;
  }
}
