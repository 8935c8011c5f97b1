import { BeyondLimits, MAX_COMMAND_LENGTH, MAX_SHELL_DEPTH, Room } from "./limits";
import { type ServerKind, serverImage } from "./server-image";
import { shellCommands } from "./shell";
import { Variables } from "./variables";

/** What of a pod or template decides what its container runs. */
export interface ServerSpec {
  readonly imageName?: string;
  readonly dockerEntrypoint?: readonly string[];
  readonly dockerStartCmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How a container starts its model server. */
export interface Launch {
  readonly server: ServerKind;
  /** The server's own arguments. */
  readonly args: readonly string[];
  /** The variables known to be set when it starts: of the image, the pod and the command. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those of them that the image sets by itself. */
  readonly imageVariables: Readonly<Record<string, string>>;
  /** The shell commands that run before it, each as its words. */
  readonly before: readonly (readonly string[])[];
  /** Models that an Ollama server is told to load. */
  readonly pulled: readonly string[];
}

/**
 * Finds the model server that a container starts: by the image's own command, by arguments to it,
 * by a command of its own, or within a shell's `-c`. null if none is known to start, or if the
 * command is beyond the limits.
 */
export function findLaunch(spec: ServerSpec): Launch | null {
  const launch = readLaunch(spec);
  return launch instanceof BeyondLimits ? null : launch;
}

/** Why it cannot be read what the container starts, as a clause about its command; null if it can. */
export function unreadable(spec: ServerSpec): string | null {
  const launch = readLaunch(spec);
  return launch instanceof BeyondLimits ? launch.message : null;
}

function readLaunch(spec: ServerSpec): Launch | BeyondLimits | null {
  const image = serverImage(spec.imageName ?? "");
  const ownEntrypoint = spec.dockerEntrypoint?.length ? spec.dockerEntrypoint : null;
  const ownCommand = spec.dockerStartCmd?.length ? spec.dockerStartCmd : null;
  const argv = [
    ...(ownEntrypoint ?? image?.entrypoint ?? []),
    // As in Docker, an entrypoint of one's own drops the image's command.
    ...(ownCommand ?? (ownEntrypoint ? [] : (image?.cmd ?? []))),
  ];
  const run: Run = { room: new Room(), before: [], pulled: [], found: null };
  try {
    if (lengthOf(argv) > MAX_COMMAND_LENGTH)
      throw new BeyondLimits(
        `it has more than ${MAX_COMMAND_LENGTH} characters, more than RunPod takes`,
      );
    command(argv, new Variables({ ...image?.env, ...spec.env }), run, 0);
  } catch (error) {
    if (error instanceof BeyondLimits) return error;
    throw error;
  }
  const { found, before, pulled } = run;
  return found && { ...found, imageVariables: image?.env ?? {}, before, pulled };
}

/** What is known so far of what a container runs. */
interface Run {
  readonly room: Room;
  readonly before: string[][];
  readonly pulled: string[];
  /** The first server. What follows may still tell its models. */
  found: Pick<Launch, "server" | "args" | "variables"> | null;
}

/** Programs that start the program named after their options. */
const WRAPPERS = /^(?:exec|env|nohup|setsid|sudo|time|command|tini|dumb-init|stdbuf|nice)$/;
const CONTROL_WORDS = /^(?:if|then|else|elif|while|until|do|!)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

const MODULES: Readonly<Record<string, ServerKind>> = {
  "vllm.entrypoints.openai.api_server": "vllm",
  "vllm.entrypoints.api_server": "vllm",
  "sglang.launch_server": "sglang",
};

const PROGRAMS: Readonly<Record<string, ServerKind>> = {
  "text-generation-launcher": "tgi",
  "tgi-entrypoint.sh": "tgi",
  "sagemaker-entrypoint.sh": "tgi",
  "llama-server": "llama.cpp",
};

function command(argv: readonly string[], outer: Variables, run: Run, shells: number): void {
  const variables = new Variables({}, outer);
  const [program = "", ...args] = unwrapped(argv, variables);
  const name = baseName(program);
  const start = (server: ServerKind, rest: readonly string[]) => {
    run.found ??= { server, args: rest, variables: variables.all() };
  };
  const server = own(PROGRAMS, name);
  if (server) start(server, args);
  else if (/^(?:ba|da|z|a)?sh$/.test(name)) shell(args, variables, run, shells);
  else if (/^python[\d.]*$/.test(name)) {
    const module = args.indexOf("-m");
    const served = module < 0 ? undefined : own(MODULES, args[module + 1]);
    if (served) start(served, args.slice(module + 2));
    else if (args.some((arg) => arg.endsWith("/src/main.py"))) start("worker-vllm", []);
  } else if ((name === "vllm" || name === "sglang") && args[0] === "serve") {
    start(name, args.slice(1));
  } else if (name === "ollama") {
    if (args[0] === "serve") start("ollama", args.slice(1));
    if (/^(?:run|pull)$/.test(args[0] ?? "") && args[1]) run.pulled.push(args[1]);
  }
}

/** What a shell runs with `-c`. */
function shell(args: readonly string[], variables: Variables, run: Run, shells: number): void {
  const option = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = option < 0 ? undefined : args[option + 1];
  if (script === undefined) return;
  if (shells >= MAX_SHELL_DEPTH)
    throw new BeyondLimits(`it starts shells within shells more than ${MAX_SHELL_DEPTH} deep`);
  // After the script come `$0` and then what `"$@"` stands for.
  const rest = args.slice(option + 3);
  for (const written of shellCommands(script, variables, run.room)) {
    const start = written.findIndex((word) => !CONTROL_WORDS.test(word));
    const words = written.slice(start).flatMap((word) => {
      if (word !== "$@") return [word];
      run.room.take(lengthOf(rest));
      return rest;
    });
    const assigned = words[0] === "export" ? words.slice(1) : words;
    if (assigned.every((word) => ASSIGNMENT.test(word)) || words[0] === "export") {
      for (const word of assigned) assign(word, variables);
      continue;
    }
    command(words, variables, run, shells + 1);
    if (run.found === null) run.before.push(words);
  }
}

/** The characters that words take as the arguments of a program: each ends with a zero. */
function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length + 1, 0);
}

/** Takes off wrappers with their options, and puts their assignments into effect. */
function unwrapped(argv: readonly string[], variables: Variables): readonly string[] {
  let at = 0;
  while (at < argv.length) {
    const word = argv[at] ?? "";
    const isOption = at > 0 && word.startsWith("-");
    if (!assign(word, variables) && !isOption && !WRAPPERS.test(baseName(word))) break;
    at++;
  }
  return argv.slice(at);
}

function assign(word: string, variables: Variables): boolean {
  const match = ASSIGNMENT.exec(word);
  if (!match?.[1]) return false;
  variables.set(match[1], match[2] ?? "");
  return true;
}

function own<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
