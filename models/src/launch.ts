import { type ServerKind, serverImage } from "./server-image";
import { shellCommands, type Variables } from "./shell";

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
  readonly variables: Readonly<Variables>;
  /** Those of them that the image sets by itself. */
  readonly imageVariables: Readonly<Variables>;
  /** The shell commands that run before it, each as its words. */
  readonly before: readonly (readonly string[])[];
  /** Models that an Ollama server is told to load. */
  readonly pulled: readonly string[];
}

/**
 * Finds the model server that a container starts: by the image's own command, by arguments to it,
 * by a command of its own, or within a shell's `-c`. null if none is known to start.
 */
export function findLaunch(spec: ServerSpec): Launch | null {
  const image = serverImage(spec.imageName ?? "");
  const ownEntrypoint = spec.dockerEntrypoint?.length ? spec.dockerEntrypoint : null;
  const ownCommand = spec.dockerStartCmd?.length ? spec.dockerStartCmd : null;
  const argv = [
    ...(ownEntrypoint ?? image?.entrypoint ?? []),
    // As in Docker, an entrypoint of one's own drops the image's command.
    ...(ownCommand ?? (ownEntrypoint ? [] : (image?.cmd ?? []))),
  ];
  const run: Run = { variables: { ...image?.env, ...spec.env }, before: [], pulled: [] };
  const found = command(argv, run, 0);
  if (!found) return null;
  const { before, pulled } = run;
  return { ...found, imageVariables: image?.env ?? {}, before, pulled };
}

interface Run {
  readonly variables: Variables;
  readonly before: string[][];
  readonly pulled: string[];
}

type Found = Pick<Launch, "server" | "args" | "variables">;

const DEEPEST_NESTING = 4;
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

function command(argv: readonly string[], run: Run, depth: number): Found | null {
  const variables = { ...run.variables };
  const [program = "", ...args] = unwrapped(argv, variables);
  const name = baseName(program);
  const start = (server: ServerKind, rest: readonly string[]): Found => ({
    server,
    args: rest,
    variables,
  });
  if (/^(?:ba|da|z|a)?sh$/.test(name)) return shell(args, { ...run, variables }, depth);
  if (/^python[\d.]*$/.test(name)) {
    const module = args.indexOf("-m");
    const server = module < 0 ? undefined : own(MODULES, args[module + 1]);
    if (server) return start(server, args.slice(module + 2));
    return args.some((arg) => arg.endsWith("/src/main.py")) ? start("worker-vllm", []) : null;
  }
  if ((name === "vllm" || name === "sglang") && args[0] === "serve") {
    return start(name, args.slice(1));
  }
  if (name === "ollama") {
    if (args[0] === "serve") return start("ollama", args.slice(1));
    if (/^(?:run|pull)$/.test(args[0] ?? "") && args[1]) run.pulled.push(args[1]);
    return null;
  }
  const server = own(PROGRAMS, name);
  return server ? start(server, args) : null;
}

/** What a shell starts with `-c`: the first server; what follows may still tell its models. */
function shell(args: readonly string[], run: Run, depth: number): Found | null {
  const option = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = option < 0 ? undefined : args[option + 1];
  if (script === undefined || depth >= DEEPEST_NESTING) return null;
  let found: Found | null = null;
  for (const words of shellCommands(script, run.variables)) {
    const start = words.findIndex((word) => !CONTROL_WORDS.test(word));
    // After the script come `$0` and then what `"$@"` stands for.
    const rest = words
      .slice(start)
      .flatMap((word) => (word === "$@" ? args.slice(option + 3) : [word]));
    const assigned = rest[0] === "export" ? rest.slice(1) : rest;
    if (assigned.every((word) => ASSIGNMENT.test(word)) || rest[0] === "export") {
      for (const word of assigned) assign(word, run.variables);
      continue;
    }
    const next = command(rest, run, depth + 1);
    if (!found && !next) run.before.push(rest);
    found ??= next;
  }
  return found;
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
  variables[match[1]] = match[2] ?? "";
  return true;
}

function own<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
