import { type KnownImage, knownImage } from "./server-image";
import { baseName, isServerProgram, serverAt } from "./server-words";

/** The fields of a pod or template that decide what its container runs. */
export interface ServerSpec {
  readonly imageName?: string;
  readonly dockerEntrypoint?: readonly string[];
  readonly dockerStartCmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A mistake in a command's structure that makes the container start something else. */
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
  /** What should replace them. */
  readonly meant: readonly string[];
}

/** What a container runs, and what it was probably meant to run. */
export interface CommandLine {
  /** ENTRYPOINT and CMD as the container starts them, each the pod's or the image's. */
  readonly words: readonly string[];
  /** `words` with the mistakes corrected. */
  readonly meant: readonly string[];
  readonly mistakes: readonly Misplacement[];
}

/** Combines ENTRYPOINT and CMD as Docker does, and finds mistakes in the result. */
export function commandLine(spec: ServerSpec): CommandLine {
  const image = knownImage(spec.imageName ?? "");
  const ownEntrypoint = spec.dockerEntrypoint?.length ? spec.dockerEntrypoint : null;
  const ownCommand = spec.dockerStartCmd?.length ? spec.dockerStartCmd : null;
  const entrypoint = ownEntrypoint ?? image?.entrypoint ?? [];
  // As in Docker, a custom entrypoint drops the image's command.
  const cmd = ownCommand ?? (ownEntrypoint ? [] : (image?.cmd ?? []));
  const words = [...entrypoint, ...cmd];
  if (ownEntrypoint) {
    return { words, ...repairedOwn(ownEntrypoint, cmd) };
  }
  if (ownCommand && image?.isServing) {
    return { words, ...repairedArguments(image, ownCommand) };
  }
  if (image?.entrypoint.length !== 0 || !ownCommand) {
    return { words, meant: words, mistakes: [] };
  }
  return { words, ...repairedCommand(ownCommand, STARTS[image.server ?? ""] ?? []) };
}

/** Start commands for images that do not start their server by default. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  sglang: ["python3", "-m", "sglang.launch_server"],
};

type Repaired = Pick<CommandLine, "meant" | "mistakes">;

/** Repairs a command that becomes the arguments of the image's ENTRYPOINT. */
function repairedArguments(image: KnownImage, cmd: readonly string[]): Repaired {
  const { entrypoint } = image;
  const { meant: items, mistakes } = apart("dockerStartCmd", cmd);
  const repeated = repeatedStart(image, items);
  const inner = items.slice(repeated);
  const [program = ""] = items;
  const fault = (kind: Misplacement["kind"], count: number, meant: readonly string[]) =>
    ({ kind, field: "dockerStartCmd", items: items.slice(0, count), meant }) as const;
  if (repeated > 0) {
    const isModule = entrypoint.includes("-m") && !/^-/.test(inner[0] ?? "-");
    const rest = isModule ? ["--model", ...inner] : inner;
    const repeats = fault("entrypoint-repeated", repeated, rest);
    return { meant: [...entrypoint, ...rest], mistakes: [repeats, ...mistakes] };
  }
  if (!isProgram(program)) {
    return { meant: [...entrypoint, ...items], mistakes };
  }
  const isShell = SHELL.test(baseName(program));
  const { meant } = isShell ? repairedOwn(items, []) : { meant: items };
  const follows = fault("program-after-entrypoint", isShell ? 2 : 1, items);
  return { meant, mistakes: [follows, ...mistakes] };
}

/** How many of the first items start the image's server a second time. */
function repeatedStart({ server, entrypoint }: KnownImage, items: readonly string[]): number {
  const start = items.findIndex((word) => !/^(?:exec|python[\d.]*|-[muOBW])$/.test(baseName(word)));
  const found = start < 0 ? null : serverAt(items, start);
  if (found?.server === server && found !== null) {
    return start + found.length;
  }
  const [first = ""] = items;
  if (server === "vllm" && first === "serve") {
    return 1;
  }
  const program = baseName(first);
  return program === baseName(entrypoint[0] ?? "") && !/^python/.test(program) ? 1 : 0;
}

/** Repairs a command that the image runs unchanged. */
function repairedCommand(cmd: readonly string[], start: readonly string[]): Repaired {
  const [program = ""] = cmd;
  const isModel = start.length > 0 && MODEL_ID.test(program) && !/\.(?:sh|py)$/.test(program);
  if (!program.startsWith("-") && !isModel) {
    return repairedOwn(cmd, [], "dockerStartCmd");
  }
  const { meant: args } = apart("dockerStartCmd", cmd);
  const meant = [...start, ...(isModel ? ["--model-path"] : []), ...args];
  const items = [program];
  return { meant, mistakes: [{ kind: "no-such-program", field: "dockerStartCmd", items, meant }] };
}

const MODEL_ID = /^[\w.-]+\/[\w.-]+$/;

/** Repairs a custom ENTRYPOINT with its command. */
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
  if (SHELL.test(baseName(shell)) && (/\S\s+\S/.test(file) || isServerProgram(file))) {
    const items = words.slice(1);
    const meant = [shell, "-c", items.length > 1 ? items.map(quoted).join(" ") : file];
    return { meant, mistakes: [...mistakes, { kind: "shell-without-c", field, items, meant }] };
  }
  if (option >= 0 || !isServerStart(words)) {
    return { meant: words, mistakes };
  }
  const { meant, mistakes: more } = apart("dockerStartCmd", words);
  return { meant, mistakes: [...mistakes, ...more] };
}

/** Splits a program that shares one item with its arguments; undefined if none does. */
function repairedProgram(
  field: Misplacement["field"],
  items: readonly string[],
): Repaired | undefined {
  const [program = "", ...rest] = items;
  const [first = ""] = program.trim().split(/\s/, 1);
  // A file name may contain spaces.
  if (first === program.trim() || (first.startsWith("/") && !isProgram(first))) {
    return undefined;
  }
  const meant = words(program);
  return {
    meant: [...meant, ...rest],
    mistakes: [{ kind: "command-in-one-item", field, items: [program], meant }],
  };
}

/** Splits items that contain several words, which a server reads as one. */
function apart(field: Misplacement["field"], items: readonly string[]): Repaired {
  const mistakes: Misplacement[] = [];
  const meant = items.flatMap((item, at) => {
    // An option's value, such as JSON or a template, may contain spaces.
    const isValue = /^--?\w/.test(items[at - 1] ?? "") && !/[\s=]/.test(items[at - 1] ?? "");
    const isOption = /^--?[a-z][\w.-]*\s+\S/i.test(item);
    const [first = ""] = item.trim().split(/\s/, 1);
    const isWhole = /\s--?[a-z]/i.test(item) || (first !== item && isProgram(first));
    const isStart = at === 0 && isWhole && !/^--?[\w.-]+=/.test(item);
    if (!isStart && (!isOption || (isValue && !/^--/.test(item)))) {
      return [item];
    }
    const parts = words(item);
    const kind = at === 0 && parts.length > 2 ? "command-in-one-item" : "words-in-one-item";
    mistakes.push({ kind, field, items: [item], meant: parts });
    return parts;
  });
  return { meant, mistakes };
}

const SHELL = /^(?:ba|da|z|a|k)?sh$/;
/** Programs that do nothing useful without arguments. */
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

/** The words of a string, without quotes. */
function words(text: string): string[] {
  const found = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return found.map((word) => word.replace(/^(["'])(.*)\1$/s, "$2"));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
