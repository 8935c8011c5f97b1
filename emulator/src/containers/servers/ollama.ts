import { posix } from "node:path";
import type { Environment, Machine, Process, Program, Service } from "../machine";
import { forever, seconds } from "../machine";
import { parametersFromName } from "../models";
import { OLLAMA_DIALECT } from "../openai-dialects";
import { OpenAiServer } from "../openai-server";

/** The `ollama` command: `serve`, and `pull` or `run` of a model by its library name. */
export function* runOllama(process: Process, args: readonly string[]): Program {
  const { machine, env } = process;
  const [command, name = ""] = args;
  switch (command) {
    case "serve":
    case "start":
      return yield* serve(process);
    case "pull":
    case "run": {
      if (machine.service(addressOf(env).port) === undefined) {
        machine.print("Error: could not connect to ollama server, run 'ollama serve' to start it");
        return 1;
      }
      const sizeGb = sizeOf(name);
      yield seconds(sizeGb / machine.downloadGbPerSecond);
      const error = pull(machine, env, name);
      machine.print(error === null ? "success" : `Error: ${error}`);
      return error === null ? 0 : 1;
    }
    case undefined:
      machine.print("Usage:", "  ollama [flags]", "  ollama [command]");
      return 0;
    default:
      machine.print(`Error: unknown command "${command}" for "ollama"`);
      return 1;
  }
}

function* serve({ machine, env }: Process): Program {
  yield seconds(1);
  const { host, port } = addressOf(env);
  log(machine, `source=routes.go:1310 msg="Listening on ${host}:${port} (version ${VERSION})"`);
  log(machine, 'source=gpu.go:226 msg="looking for compatible GPUs"');
  yield seconds(0.2);
  log(
    machine,
    machine.gpu === null
      ? 'source=gpu.go:392 msg="no compatible GPUs were discovered"'
      : `source=types.go:131 msg="inference compute" id=GPU-${machine.podId} library=cuda variant=v12 compute=${machine.gpu.computeCapability} name="${machine.gpu.id}" total="${machine.gpu.memoryGb}.0 GiB"`,
  );
  machine.listen(ollamaService(machine, env, host, port));
  return yield* forever();
}

function addressOf(env: Environment): { host: string; port: number } {
  const given = env["OLLAMA_HOST"] || "127.0.0.1:11434";
  const [, host = "", port = "11434"] =
    given.match(/^(?:https?:\/\/)?(\[[^\]]*\]|[^:]*):?(\d+)?/) ?? [];
  return { host, port: Number(port) };
}

const VERSION = "0.13.5";

function log(machine: Machine, text: string): void {
  machine.print(`time=%I level=INFO ${text}`);
}

function ollamaService(machine: Machine, env: Environment, host: string, port: number): Service {
  return {
    host,
    port,
    async handle(request, now) {
      const { pathname } = new URL(request.url);
      switch (pathname) {
        case "/":
          return new Response("Ollama is running");
        case "/api/version":
          return Response.json({ version: VERSION });
        case "/api/tags":
          return Response.json({ models: pulled(machine, env) });
        case "/api/pull":
          return pullOverHttp(machine, env, request);
      }
      const names = pulled(machine, env).map(({ name }) => name);
      const model = { names, root: "", maxModelLen: 32_768, apiKeys: [], version: VERSION };
      return new OpenAiServer(host, port, model, OLLAMA_DIALECT, now).handle(request, now);
    },
  };
}

async function pullOverHttp(
  machine: Machine,
  env: Environment,
  request: Request,
): Promise<Response> {
  const body = (await request.json().catch(() => ({}))) as { model?: string; name?: string };
  const error = pull(machine, env, body.model ?? body.name ?? "");
  return error === null
    ? Response.json({ status: "success" })
    : Response.json({ error }, { status: 500 });
}

/** Puts a model into the store; returns what went wrong, or null. */
function pull(machine: Machine, env: Environment, name: string): string | null {
  if (name === "" || /does-?not-?exist/.test(name)) {
    return "pull model manifest: file does not exist";
  }
  const path = posix.join(store(env), "blobs", withTag(name));
  return machine.disk.write(path, sizeOf(name)) ? null : `write ${path}: no space left on device`;
}

function pulled(
  machine: Machine,
  env: Environment,
): { name: string; model: string; size: number }[] {
  const folder = posix.join(store(env), "blobs");
  return machine.disk.list(folder).map(({ path, sizeGb }) => {
    const name = posix.relative(folder, path);
    return { name, model: name, size: Math.round(sizeGb * 1e9) };
  });
}

function store(env: Environment): string {
  return env["OLLAMA_MODELS"] || posix.join(env["HOME"] || "/root", ".ollama/models");
}

function withTag(name: string): string {
  return name.includes(":") ? name : `${name}:latest`;
}

/** The library's models are quantized to about four bits. */
function sizeOf(name: string): number {
  return parametersFromName(name) * 0.6;
}
