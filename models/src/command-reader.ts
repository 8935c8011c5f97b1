import { type Download, readDownload } from "./downloads";
import type { Container, Launch } from "./launch";
import { BeyondLimits, MAX_SHELL_DEPTH, Room } from "./limits";
import { mayTouch } from "./preparation";
import {
  baseName,
  isPassive,
  isTransparent,
  mentionsServer,
  type ServerWords,
  serverAt,
} from "./server-words";
import { shellCommands, shown } from "./shell";
import { Variables } from "./variables";

const CONTROL_WORDS = /^(?:if|then|else|elif|while|until|do|!|function)$/;
const DECLARES = /^(?:export|declare|readonly|typeset|local)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
/** Maximum results per container. Real commands start two servers and download a few models. */
const MAX_LAUNCHES = 10;
const MAX_FOUND = 50;
const SCRIPT = /\.(?:sh|bash)$/;
const SHELL = /^(?:ba|da|z|a|k)?sh$/;
/** Programs that start others from their own configuration files. */
const SUPERVISORS = /^(?:supervisord|s6-svscan|runsvdir|circusd|honcho|foreman|systemctl|init)$/;

/** Reads commands in order and collects what they start. */
export class CommandReader implements Container {
  readonly launches: Launch[] = [];
  readonly downloads: (Download & Pick<Launch, "variables">)[] = [];
  readonly opaque: string[] = [];
  hasOthers = false;
  private readonly before: string[][] = [];
  private readonly room = new Room();
  private folder: string | null = null;
  /** Programs that wrap the current script. */
  private readonly around: string[] = [];

  constructor(private readonly imageVariables: Launch["imageVariables"]) {}

  command(argv: readonly string[], outer: Variables, shells: number): void {
    const variables = new Variables({}, outer);
    const words = argv.slice(assignments(argv, variables));
    const [program = "", ...args] = words;
    const download = this.downloads.length < MAX_FOUND ? readDownload(words) : null;
    if (download) {
      this.downloads.push({ ...download, variables: variables.all() });
    }
    const body = outer.body(program);
    if (body !== undefined) {
      this.call(body, args, outer, shells);
    } else if (program === "eval") {
      this.script(args.join(" "), outer, shells);
    } else if (!isPassive(words)) {
      this.search(words, variables, shells);
    }
  }

  /** Reads the body of a called function, which shares the script's variables. */
  private call(body: string, args: readonly string[], variables: Variables, shells: number): void {
    if (shells >= MAX_SHELL_DEPTH) {
      return;
    }
    this.room.take(body.length);
    const before = variables.list("@") ?? [];
    variables.setList("@", args);
    this.script(body, variables, shells);
    variables.setList("@", before);
  }

  /** Looks for a server or a shell script anywhere in a command. */
  private search(words: readonly string[], variables: Variables, shells: number): void {
    const [program = ""] = words;
    const outside = isTransparent(program) ? [] : [baseName(program)];
    this.around.push(...outside);
    this.searchWords(words, variables, shells);
    this.around.length -= outside.length;
  }

  private searchWords(words: readonly string[], variables: Variables, shells: number): void {
    let isShell = false;
    for (const [at, word] of words.entries()) {
      const found = serverAt(words, at);
      if (found) {
        this.start(words, at, found, variables, shells);
        return;
      }
      if (!isShell && SHELL.test(baseName(word))) {
        isShell = true;
        const option = words.findIndex((arg, index) => index > at && /^-[a-z]*c$/.test(arg));
        if (option >= 0) {
          // The word after the script is `$0`, and the rest is `"$@"`.
          const inner = new Variables({}, variables);
          inner.setList("@", words.slice(option + 3));
          this.script(words[option + 1] ?? "", inner, shells);
          return;
        }
        this.hide(words);
      } else if (at === 0 && (SUPERVISORS.test(baseName(word)) || SCRIPT.test(word))) {
        this.hide(words);
      }
      // `su -c "…"`, `pm2 start "…"`, `env -S "…"`.
      const mayBeScript = at > 0 && shells < MAX_SHELL_DEPTH && /^[^{[]*\s/.test(word);
      if (mayBeScript && mentionsServer(word) && this.findsIn(word, variables, shells)) {
        return;
      }
    }
  }

  /** Whether an argument is a script that starts a server. If not, discards everything read from it. */
  private findsIn(script: string, variables: Variables, shells: number): boolean {
    const { folder, hasOthers } = this;
    const [known, before, hidden] = [this.launches, this.before, this.opaque].map((l) => l.length);
    this.script(script, new Variables({}, variables), shells);
    if (this.launches.length > (known ?? 0)) {
      return true;
    }
    this.before.length = before ?? 0;
    this.opaque.length = hidden ?? 0;
    this.folder = folder;
    this.hasOthers = hasOthers;
    return false;
  }

  /** Records a command that starts something not written in it. */
  private hide(words: readonly string[]): void {
    const [piped = []] = words.length === 1 ? this.before.slice(-1) : [];
    const line = [...piped, ...(piped.length > 0 ? ["|"] : []), ...words];
    if (this.opaque.length < MAX_FOUND) {
      this.opaque.push(shown(line));
    }
  }

  private start(
    words: readonly string[],
    at: number,
    { server, length }: ServerWords,
    variables: Variables,
    shells: number,
  ): void {
    const around = words.slice(0, at);
    assignments(around, variables, true);
    // If the server is the first word, the last program is the server itself.
    const within = this.around.slice(0, at === 0 ? -1 : undefined);
    if (this.launches.length >= MAX_LAUNCHES) {
      return;
    }
    this.launches.push({
      server,
      args: words.slice(at + length),
      variables: variables.all(),
      imageVariables: this.imageVariables,
      before: [...this.before],
      folder: this.folder,
      within,
      line: words,
      isDirect: shells === 0,
    });
  }

  /** Reads a script that a shell runs. */
  private script(script: string, variables: Variables, shells: number): void {
    if (shells >= MAX_SHELL_DEPTH) {
      throw new BeyondLimits(`it nests shells more than ${MAX_SHELL_DEPTH} deep`);
    }
    for (const written of shellCommands(script, variables, this.room)) {
      const start = written.findIndex((word) => !CONTROL_WORDS.test(word));
      const words = start < 0 ? [] : written.slice(start);
      const [first = ""] = words;
      const assigned = DECLARES.test(first) ? words.slice(1) : words;
      if (DECLARES.test(first) || assigned.every((word) => ASSIGNMENT.test(word))) {
        for (const word of assigned) {
          assign(word, variables);
        }
        continue;
      }
      if (first === "unset") {
        for (const name of words.slice(1)) {
          variables.unset(name);
        }
      }
      if (first === "cd" || first === "pushd") {
        this.folder = words[1] ?? "~";
      }
      if (first === "set" && words[1] === "--") {
        variables.setList("@", words.slice(2));
      }
      if (/^(?:\$\(|`)/.test(first)) {
        this.hide(words);
      }
      const known = this.launches.length;
      this.command(words, variables, shells + 1);
      // Functions and downloads have already been read.
      const isRead = variables.body(first) !== undefined || readDownload(words) !== null;
      if (this.launches.length > known || isRead) {
        continue;
      }
      this.before.push(words);
      this.hasOthers ||= mayTouch(words);
    }
  }
}

/** Applies the assignments before the program, or `anywhere`, and returns how many words that reads. */
function assignments(words: readonly string[], variables: Variables, anywhere = false): number {
  let count = 0;
  for (const word of words) {
    const isOne = assign(word, variables);
    if (!isOne && !anywhere) {
      break;
    }
    count++;
  }
  return count;
}

function assign(word: string, variables: Variables): boolean {
  const match = ASSIGNMENT.exec(word);
  if (!match?.[1]) {
    return false;
  }
  variables.set(match[1], match[2] ?? "");
  return true;
}
