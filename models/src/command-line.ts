import { knownImage } from "./server-image";
import { baseName, isServerProgram } from "./server-words";

/** What of a pod or template decides what its container runs. */
export interface ServerSpec {
  readonly imageName?: string;
  readonly dockerEntrypoint?: readonly string[];
  readonly dockerStartCmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A mistake in how a command is put together, by which the container starts something else. */
export interface Misplacement {
  readonly kind:
    | "program-after-entrypoint"
    | "entrypoint-repeated"
    | "words-in-one-item"
    | "command-in-one-item"
    | "script-in-many-items"
    | "shell-without-c"
    | "no-such-program";
  readonly field: "dockerEntrypoint" | "dockerStartCmd";
  /** The items at fault. */
  readonly items: readonly string[];
  /** What should stand there instead. */
  readonly meant: readonly string[];
}

/** What a container runs, and what was meant. */
export interface CommandLine {
  /** The words that the container starts: ENTRYPOINT and CMD, its own or the image's. */
  readonly words: readonly string[];
  /** The same without its mistakes. */
  readonly meant: readonly string[];
  readonly mistakes: readonly Misplacement[];
}

/** Puts ENTRYPOINT and CMD together as Docker does, and finds what was put together wrongly. */
export function commandLine(spec: ServerSpec): CommandLine {
  const image = knownImage(spec.imageName ?? "");
  const ownEntrypoint = spec.dockerEntrypoint?.length ? spec.dockerEntrypoint : null;
  const ownCommand = spec.dockerStartCmd?.length ? spec.dockerStartCmd : null;
  const entrypoint = ownEntrypoint ?? image?.entrypoint ?? [];
  // As in Docker, an entrypoint of one's own drops the image's command.
  const cmd = ownCommand ?? (ownEntrypoint ? [] : (image?.cmd ?? []));
  const words = [...entrypoint, ...cmd];
  if (ownEntrypoint) return { words, ...repairedOwn(ownEntrypoint, cmd) };
  if (ownCommand && image?.isServing)
    return { words, ...repairedArguments(entrypoint, ownCommand) };
  if (image?.entrypoint.length !== 0 || !ownCommand) return { words, meant: words, mistakes: [] };
  return { words, ...repairedCommand(ownCommand, STARTS[image.server ?? ""] ?? []) };
}

/** What starts a server in an image that does not start it by itself. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  sglang: ["python3", "-m", "sglang.launch_server"],
};

type Repaired = Pick<CommandLine, "meant" | "mistakes">;

/** A command to an ENTRYPOINT that takes it as its arguments. */
function repairedArguments(entrypoint: readonly string[], cmd: readonly string[]): Repaired {
  const { meant: items, mistakes } = apart("dockerStartCmd", cmd);
  const found = [...mistakes];
  const say = (kind: Misplacement["kind"], meant: readonly string[], count: number) =>
    found.unshift({ kind, field: "dockerStartCmd", items: items.slice(0, count), meant });
  const [program = ""] = items;
  const last = entrypoint.at(-1) ?? "";
  const repeats = entrypoint.length > 1 ? 1 : 0;
  if (repeats > 0 && program === last) {
    say("entrypoint-repeated", items.slice(1), 1);
    return { meant: [...entrypoint, ...items.slice(1)], mistakes: found };
  }
  if (!isProgram(program)) return { meant: [...entrypoint, ...items], mistakes: found };
  const isShell = SHELL.test(baseName(program));
  const inner = isShell ? repairedOwn(items, []) : { meant: items, mistakes: [] };
  const isSame = baseName(program) === baseName(entrypoint[0] ?? "");
  const rest = items.slice(isSame ? startOf(entrypoint, items) : items.length);
  if (isSame) say("entrypoint-repeated", rest, items.length - rest.length);
  else say("program-after-entrypoint", items, isShell ? 2 : 1);
  return { meant: inner.meant, mistakes: found };
}

/** A command to an image that starts it as it stands. */
function repairedCommand(cmd: readonly string[], start: readonly string[]): Repaired {
  const [program = ""] = cmd;
  if (!program.startsWith("-")) return repairedOwn(cmd, [], "dockerStartCmd");
  const items = [program];
  const meant = [...start, ...apart("dockerStartCmd", cmd).meant];
  return { meant, mistakes: [{ kind: "no-such-program", field: "dockerStartCmd", items, meant }] };
}

/** How many of the first items repeat the ENTRYPOINT. */
function startOf(entrypoint: readonly string[], items: readonly string[]): number {
  return entrypoint.every((word, at) => baseName(word) === baseName(items[at] ?? ""))
    ? entrypoint.length
    : 1;
}

/** An ENTRYPOINT of one's own, with its command. */
function repairedOwn(
  entrypoint: readonly string[],
  cmd: readonly string[],
  field: Misplacement["field"] = "dockerEntrypoint",
): Repaired {
  const program = repairedProgram(field, entrypoint);
  const start = program?.meant ?? entrypoint;
  const mistakes = program?.mistakes ?? [];
  const words = [...start, ...cmd];
  const option = SHELL.test(baseName(start[0] ?? ""))
    ? words.findIndex((word) => /^-[a-z]*c$/.test(word))
    : -1;
  const [script = "", ...rest] = option < 0 ? [] : words.slice(option + 1);
  const loses = rest.length > 0 && LONE_PROGRAM.test(baseName(script)) && !/[\s$]/.test(script);
  if (loses) {
    const meant = [[script, ...rest].map(quoted).join(" ")];
    const items = [script, ...rest];
    return {
      meant: [...words.slice(0, option + 1), ...meant],
      mistakes: [
        ...mistakes,
        { kind: "script-in-many-items", field: "dockerStartCmd", items, meant },
      ],
    };
  }
  const [shell = "", file = ""] = words;
  if (SHELL.test(baseName(shell)) && (/^\S+\s+\S/.test(file) || isServerProgram(file))) {
    const items = words.slice(1);
    const meant = [shell, "-c", items.length > 1 ? items.map(quoted).join(" ") : file];
    return { meant, mistakes: [...mistakes, { kind: "shell-without-c", field, items, meant }] };
  }
  if (option >= 0 || !isServerStart(words)) return { meant: words, mistakes };
  const { meant, mistakes: more } = apart("dockerStartCmd", words);
  return { meant, mistakes: [...mistakes, ...more] };
}

/** A program with its arguments in one item: no file has that name. */
function repairedProgram(
  field: Misplacement["field"],
  items: readonly string[],
): Repaired | undefined {
  const [program = "", ...rest] = items;
  if (!/^\S+\s+\S/.test(program.trim()) || /^(?:\/[^/]*\s[^/]*)+$/.test(program)) return undefined;
  const meant = words(program);
  return {
    meant: [...meant, ...rest],
    mistakes: [{ kind: "command-in-one-item", field, items: [program], meant }],
  };
}

/** Takes apart the items that hold several words, which a server takes for one. */
function apart(field: Misplacement["field"], items: readonly string[]): Repaired {
  const mistakes: Misplacement[] = [];
  const meant = items.flatMap((item, at) => {
    // What follows an option, as JSON or a template, may have blanks of its own.
    const isValue = /^--?\w/.test(items[at - 1] ?? "") && !/[\s=]/.test(items[at - 1] ?? "");
    const isOption = /^--?[a-z][\w.-]*\s+\S/i.test(item);
    const isStart = at === 0 && /\s--?[a-z]/i.test(item) && !/^--?[\w.-]+=/.test(item);
    if (!isStart && (!isOption || (isValue && !/^--/.test(item)))) return [item];
    const parts = words(item);
    const kind = at === 0 && parts.length > 2 ? "command-in-one-item" : "words-in-one-item";
    mistakes.push({ kind, field, items: [item], meant: parts });
    return parts;
  });
  return { meant, mistakes };
}

const SHELL = /^(?:ba|da|z|a|k)?sh$/;
/** Programs that do nothing of use without arguments. */
const LONE_PROGRAM =
  /^(?:vllm|sglang|ollama|lmdeploy|trtllm-serve|aphrodite|infinity_emb|mlc_llm|python[\d.]*|exec|uv|uvx|hf|huggingface-cli|env|timeout|nohup)$/;
const PROGRAM =
  /^(?:(?:ba|da|z|a|k)?sh|env|exec|python[\d.]*|nohup|sudo|tini|dumb-init|timeout|uvx?|conda|sleep|tail|apt-get|pip3?|hf|huggingface-cli|cd|export|numactl|nice|torchrun|ray|node|npm|curl|wget|git)$/;

/** Whether a word is a program rather than a model or an option. */
function isProgram(word: string): boolean {
  return (
    PROGRAM.test(baseName(word)) ||
    isServerProgram(word) ||
    /^\/(?:usr\/(?:local\/)?|opt\/\S+\/)?s?bin\//.test(word) ||
    /^\/\S+\.(?:sh|py)$/.test(word)
  );
}

function isServerStart(words: readonly string[]): boolean {
  return words.slice(0, 4).some(isServerProgram) || words.includes("-m");
}

/** The words of a text, its quotes taken off. */
function words(text: string): string[] {
  const found = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return found.map((word) => word.replace(/^(["'])(.*)\1$/s, "$2"));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
