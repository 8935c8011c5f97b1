import type { Machine, Process, Program } from "./machine";
import { seconds } from "./machine";
import { serveVllm } from "./servers/vllm";
import { runShell } from "./shell";

/** What the container runtime says if the command cannot be executed, or null. */
export function cannotExecute(machine: Machine, argv: readonly string[]): string | null {
  const [name] = argv;
  if (name === undefined) {
    return machine.image.known ? "no command specified: unknown" : null;
  }
  const isOnVolume = name.startsWith("/") && !machine.disk.isEphemeral(name);
  if (isOnVolume && machine.disk.sizeOf(name) === undefined) {
    return `exec: "${name}": stat ${name}: no such file or directory: unknown`;
  }
  return null;
}

export function* runCommand(process: Process): Program {
  const [name = "", ...args] = process.argv;
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (/^(ba|da|z)?sh$/.test(base)) {
    return yield* runShell(process);
  }
  if (base === "vllm" && args[0] === "serve") {
    return yield* serveVllm(process, "vllm serve", args.slice(1));
  }
  if (
    /^python3?/.test(base) &&
    args[0] === "-m" &&
    args[1] === "vllm.entrypoints.openai.api_server"
  ) {
    return yield* serveVllm(process, "api_server.py", args.slice(2));
  }
  yield seconds(1);
  return 0;
}
