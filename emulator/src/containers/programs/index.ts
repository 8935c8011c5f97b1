import type { Image } from "../images";
import { MAX_ARGUMENT, MAX_PROCESS_DEPTH } from "../limits";
import type { Machine, Process, Program } from "../machine";
import { exited, forever } from "../machine";
import { serveLlamaCpp } from "../servers/llama-cpp";
import { runOllama } from "../servers/ollama";
import { runSglang } from "../servers/sglang";
import { serveTgi } from "../servers/tgi";
import { runVllm } from "../servers/vllm";
import { echo, QUICK_COMMANDS, runWrapped, sleep, tail } from "./coreutils";
import { cat, df, hostname } from "./files";
import { runHubCli } from "./hub-cli";
import { nvidiaSmi } from "./nvidia-smi";
import { runPython } from "./python";
import { runShell } from "./shell";
import { runNode, runpodStart, serveHttpd, serveJupyter, serveNginx, serveThirdParty } from "./web";

/** Runs a command to its end and returns its exit code: 127 if there is no such program. */
export function* runCommand(process: Process): Program {
  const { machine, argv, shell } = process;
  const [path = "", ...args] = argv;
  if (process.depth >= MAX_PROCESS_DEPTH) {
    machine.printError(`${shell ?? "sh"}: fork: Resource temporarily unavailable`);
    return 254;
  }
  if (argv.some((argument) => argument.length > MAX_ARGUMENT)) {
    machine.printError(`${shell ?? "sh"}: line 1: ${path}: Argument list too long`);
    return 126;
  }
  const run = findProgram(machine, path);
  if (run === null) {
    const reason = path.includes("/") ? "No such file or directory" : "command not found";
    machine.printError(`${shell ?? "sh"}: line 1: ${path}: ${reason}`);
    return 127;
  }
  if (!machine.image.amd64) {
    machine.printError(`exec ${path}: exec format error`);
    return 255;
  }
  return yield* run({ ...process, depth: process.depth + 1 }, args);
}

/** The container runtime's error if it cannot execute a command, or null if it can. */
export function cannotExecute(machine: Machine, argv: readonly string[]): string | null {
  const [path = ""] = argv;
  if (argv.some((argument) => argument.length > MAX_ARGUMENT)) {
    return `exec ${path}: argument list too long: unknown`;
  }
  if (findProgram(machine, path) !== null) {
    return null;
  }
  return path.includes("/")
    ? `exec: "${path}": stat ${path}: no such file or directory: unknown`
    : `exec: "${path}": executable file not found in $PATH: unknown`;
}

type Run = (process: Process, args: readonly string[]) => Program;

interface Entry {
  /** Separated by spaces. */
  names: string;
  run: Run;
  /** The images that contain it. @default all of them */
  in?: (image: Image) => boolean;
}

function findProgram(machine: Machine, path: string): Run | null {
  const { image, disk } = machine;
  // A volume hides the image's files at its mount path.
  const isHidden =
    path.startsWith("/") && !disk.isEphemeral(path) && disk.sizeOf(path) === undefined;
  if (isHidden) {
    return null;
  }
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/^python3?(\.\d+)?$/, "python3");
  const entry = PROGRAMS.get(name);
  if (entry && (!image.known || (entry.in?.(image) ?? true))) {
    return entry.run;
  }
  return image.known ? null : serveThirdParty;
}

const family = (name: Image["family"]) => (image: Image) => image.family === name;
const repository = (pattern: RegExp) => (image: Image) => pattern.test(image.repository);
const withPython = repository(
  /^(?:python$|runpod\/|vllm\/|lmsysorg\/sglang$)|\/text-generation-inference$/,
);

const ENTRIES: readonly Entry[] = [
  { names: "sh bash dash ash zsh", run: runShell },
  { names: QUICK_COMMANDS, run: () => exited(0) },
  { names: "false", run: () => exited(1) },
  { names: "echo printf", run: echo },
  { names: "cat", run: cat },
  { names: "df", run: df },
  { names: "hostname", run: hostname },
  { names: "sleep", run: sleep },
  { names: "tail", run: tail },
  { names: "sshd", run: forever },
  { names: "nvidia-smi", run: nvidiaSmi },
  { names: "env nohup sudo time tini dumb-init stdbuf nice setsid", run: runWrapped },
  { names: "nvidia_entrypoint.sh docker-entrypoint.sh", run: runWrapped },
  { names: "node", run: runNode, in: repository(/^node$/) },
  { names: "python3", run: runPython, in: withPython },
  { names: "hf huggingface-cli", run: runHubCli, in: withPython },
  { names: "jupyter", run: serveJupyter, in: repository(/^runpod\//) },
  { names: "start.sh", run: runpodStart, in: repository(/^runpod\//) },
  { names: "nginx", run: serveNginx, in: repository(/^(nginx$|runpod\/)/) },
  { names: "httpd-foreground", run: serveHttpd, in: repository(/^httpd$/) },
  { names: "vllm", run: runVllm, in: family("vllm") },
  { names: "sglang", run: runSglang, in: family("sglang") },
  { names: "text-generation-launcher tgi-entrypoint.sh", run: serveTgi, in: family("tgi") },
  { names: "llama-server", run: serveLlamaCpp, in: family("llama.cpp") },
  { names: "ollama", run: runOllama, in: family("ollama") },
];

const PROGRAMS: ReadonlyMap<string, Entry> = new Map(
  ENTRIES.flatMap((entry) => entry.names.split(" ").map((name) => [name, entry])),
);
