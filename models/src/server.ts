import type { ServerSpec } from "./command-line";
import { readContainer } from "./container";
import { type Download, nameOfUrl, withQuantization } from "./downloads";
import type { Container, Launch } from "./launch";
import { isGiven, option, optionValues, positional } from "./options";
import { isUnder, resolved } from "./paths";
import { DIALECTS, EVERYWHERE, type Setting } from "./server-dialect";
import type { ServerKind } from "./server-words";
import { count, number } from "./settings";

/** A model server's settings from its command line and environment; null if neither sets them. */
export interface ServerCommand {
  readonly server: ServerKind;
  /**
   * The model as given: a repository id, a path, or Ollama's or llama.cpp's own notation. If the
   * command downloads a model to the given path, the downloaded model.
   */
  readonly model: string | null;
  /** The address that it listens on; null if it has none or a variable sets it. */
  readonly host: string | null;
  /** The port that it listens on; null if the image's default is not known, and for workers without a port. */
  readonly port: number | null;
  /**
   * The context length that must fit, in tokens; null for the model's own. 0 if the server shortens it
   * to fit in memory, as vLLM does with `auto` and all other servers do by default.
   */
  readonly maxModelLen: number | null;
  /** GPUs that share the model; null if the server uses all it finds. */
  readonly tensorParallel: number | null;
  readonly gpuMemoryUtilization: number | null;
  /** Set by the command, or the server's documented default for GGUF models. */
  readonly quantization: string | null;
  readonly downloadDir: string | null;
  /** Whether requests to the model's routes need an API key. */
  readonly asksForKey: boolean | null;
  /** Whether the container is known to run no other program. */
  readonly isAlone: boolean;
  /** `LD_LIBRARY_PATH` when the server starts, set by the pod or by its command. */
  readonly ldLibraryPath: string | null;
}

/**
 * Reads which model server a container starts first, and its settings: from its arguments, from a
 * script after a shell's `-c`, and from the environment variables that the server reads. null if no
 * model server is known to start. Never throws.
 *
 * @example
 * readServer({
 *   imageName: "vllm/vllm-openai:v0.16.0",
 *   dockerEntrypoint: ["bash", "-c"],
 *   dockerStartCmd: ["export HF_HOME=/workspace && exec vllm serve Qwen/Qwen3-8B --port 80"],
 * }) // { server: "vllm", model: "Qwen/Qwen3-8B", port: 80, tensorParallel: 1, … }
 */
export function readServer(spec: ServerSpec): ServerCommand | null {
  return readServers(spec)[0] ?? null;
}

/** All model servers that a container runs, in the order of its command. Never throws. */
export function readServers(spec: ServerSpec): ServerCommand[] {
  const container = readContainer(spec);
  return container?.launches.map((launch) => commandOf(launch, container)) ?? [];
}

export function commandOf(launch: Launch, container: Container): ServerCommand {
  const read = (setting: Setting) => readSetting(launch, setting);
  const dialect = DIALECTS[launch.server];
  const inFile = option(launch.args, ["--config"]) !== null;
  const model = downloadOf(launch, container)?.name ?? modelOf(launch, container);
  return {
    server: launch.server,
    model,
    ...addressOf(launch),
    maxModelLen: length(read("maxModelLen")) ?? (inFile ? null : dialect.maxModelLen),
    tensorParallel: count(read("tensorParallel")) ?? (inFile ? null : dialect.tensorParallel),
    gpuMemoryUtilization: number(read("gpuMemoryUtilization")),
    quantization: read("quantization") ?? (dialect.isGguf ? ggufOf(model) : null),
    downloadDir: read("downloadDir"),
    asksForKey: rawSetting(launch, "key") ? true : inFile ? null : dialect.asksForKey,
    isAlone: container.launches.length === 1 && launch.within.length === 0 && !container.hasOthers,
    ldLibraryPath: launch.variables["LD_LIBRARY_PATH"] || null,
  };
}

/** The model as passed to the server. */
export function modelOf(launch: Launch, { downloads, launches }: Container): string | null {
  const { args, server, variables } = launch;
  const given = readSetting(launch, "model");
  if (server === "infinity") {
    const [first] = optionValues(args, ["--model-id"]);
    return known(first) ?? given?.split(";", 1)[0] ?? null;
  }
  if (server === "ollama") {
    const pulled = downloads.find(({ from }) => from === "OLLAMA_MODELS");
    return launches.filter((other) => other.server === "ollama").indexOf(launch) === 0
      ? known(pulled?.name)
      : null;
  }
  if (server === "llama.cpp") {
    return llamaModel(args, variables, given);
  }
  if (server === "koboldcpp" && given !== null) {
    return nameOfUrl(given);
  }
  if (server === "mlc") {
    return known(positional(args)?.replace(/^HF:\/\//, ""));
  }
  return given ?? (DIALECTS[server].takesModel ? known(positional(args)) : null);
}

/** The download of the server's model to the path where the server looks for it; undefined if there is none. */
export function downloadOf(launch: Launch, container: Container): Download | undefined {
  const model = modelOf(launch, container);
  if (model === null || model.includes(":")) {
    return undefined;
  }
  const place = resolved(model, launch);
  const isPath = /^[./~]|\.gguf$/.test(model);
  return container.downloads.find(({ path, from }) => {
    if (path === null || from === "--cache-dir") {
      return false;
    }
    const folder = resolved(path, launch);
    // A repository id is a folder only if a download writes exactly that folder.
    return isPath ? isUnder(place, folder) : place === folder;
  });
}

/** The model of llama.cpp: a repository with its file, a URL, or a path. */
function llamaModel(
  args: readonly string[],
  variables: Launch["variables"],
  repository: string | null,
): string | null {
  const file = option(args, ["-hff", "--hf-file"]) ?? variables["LLAMA_ARG_HF_FILE"] ?? "";
  if (repository !== null) {
    return known(withQuantization(repository, file));
  }
  const url = option(args, ["-mu", "--model-url"]) ?? variables["LLAMA_ARG_MODEL_URL"];
  if (url) {
    return known(nameOfUrl(url));
  }
  return known(option(args, ["--model", "-m"]) ?? variables["LLAMA_ARG_MODEL"]);
}

function addressOf(launch: Launch): Pick<ServerCommand, "host" | "port"> {
  const { host, port } = DIALECTS[launch.server];
  if (launch.server === "ollama") {
    return ollamaAddress(launch.variables["OLLAMA_HOST"] ?? "");
  }
  // One node of several (--headless) and a server on a Unix socket (--uds) have no port.
  if (isGiven(launch.args, ["--headless", "--uds"])) {
    return { host: null, port: null };
  }
  const given = rawSetting(launch, "host");
  const isSet = rawSetting(launch, "port") !== undefined;
  return {
    host: given ? known(given) : host,
    port: isSet ? count(readSetting(launch, "port")) : port,
  };
}

/** `host`, `host:port`, `:port`, `http://host:port`. */
function ollamaAddress(given: string): Pick<ServerCommand, "host" | "port"> {
  const dialect = DIALECTS.ollama;
  if (given === "") {
    return { host: dialect.host, port: dialect.port };
  }
  if (known(given) === null) {
    return { host: null, port: null };
  }
  const [, scheme, host = "", port] =
    /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(given) ?? [];
  const usual = scheme === undefined ? dialect.port : scheme === "http" ? 80 : 443;
  return { host: host || EVERYWHERE, port: port === undefined ? usual : count(port) };
}

function readSetting(launch: Launch, setting: Setting): string | null {
  return known(rawSetting(launch, setting));
}

/** A setting as written, with variables not yet expanded. */
function rawSetting({ server, args, variables }: Launch, setting: Setting): string | undefined {
  const { options, variables: names } = DIALECTS[server];
  const name = names[setting];
  const fromVariable = name === undefined ? undefined : variables[name];
  return option(args, options[setting] ?? []) ?? fromVariable;
}

/** A literal value; null if it is empty or contains a variable or command to expand. */
function known(value: string | null | undefined): string | null {
  return value && !/[$`]/.test(value) ? value : null;
}

/** The quantization in a tag such as `repository:Q8_0`, or else the default of GGUF servers. */
function ggufOf(model: string | null): string | null {
  if (model === null || model.includes(".gguf")) {
    return null;
  }
  const lastWord = model.split(/\W/).at(-1) ?? "";
  return /i?q\d.*|b?fp?\d\d$/i.exec(lastWord)?.[0] ?? "Q4_K_M";
}

/** A context length as servers accept it: `32768`, `32k` (32,000), `32K` (32,768), `auto` or `-1`. */
function length(text: string | null): number | null {
  if (text === null) {
    return null;
  }
  if (/^(?:auto|-1|0)$/.test(text.trim())) {
    return 0;
  }
  const match = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(text.trim());
  if (!match) {
    return null;
  }
  const unit = { k: 1000, m: 1e6, K: 1024, M: 1024 ** 2 }[match[2] ?? ""] ?? 1;
  return Math.floor(Number(match[1]) * unit);
}
