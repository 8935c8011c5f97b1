import type { ServerSpec } from "./command-line";
import { readContainer } from "./container";
import { type Download, nameOfUrl, withQuantization } from "./downloads";
import type { Container, Launch } from "./launch";
import { isGiven, option, optionValues, positional } from "./options";
import { isUnder, resolved } from "./paths";
import { DIALECTS, EVERYWHERE, type Setting } from "./server-dialect";
import type { ServerKind } from "./server-words";
import { count, number } from "./settings";

/** A model server as its command line and environment set it up; null where neither says. */
export interface ServerCommand {
  readonly server: ServerKind;
  /**
   * The model as given: a repository id, a path, or for Ollama and llama.cpp their own notation. Of a
   * path into which the command downloads a model, that model.
   */
  readonly model: string | null;
  /** The address on which it listens; null where it has none, or a variable decides. */
  readonly host: string | null;
  /** Where it listens; null where the image's default is not known, and for workers without a port. */
  readonly port: number | null;
  /**
   * The context length it must hold; null for the model's own, 0 where the server shortens it to
   * what the memory holds: vLLM with `auto`, and all other servers by default.
   */
  readonly maxModelLen: number | null;
  /** GPUs that share the model; null where the server takes all it finds. */
  readonly tensorParallel: number | null;
  readonly gpuMemoryUtilization: number | null;
  /** As the command sets it, or the server's documented default for GGUF models. */
  readonly quantization: string | null;
  readonly downloadDir: string | null;
  /** Whether callers of the model's routes must show a key. */
  readonly asksForKey: boolean | null;
  /** Whether the container is known to run no other program. */
  readonly isAlone: boolean;
  /** `LD_LIBRARY_PATH` in force when the server starts: of the pod or of its command. */
  readonly ldLibraryPath: string | null;
}

/**
 * Reads which model server a container runs first and how: from its arguments, from a shell's `-c`,
 * or from the environment where the server reads that. null if it serves no model as far as known.
 * Never throws.
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

/** The model as the server is given it. */
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

/** The download that puts the server's model where it looks for it; undefined if there is none. */
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
    // A repository's id is a folder only where that very folder was made.
    return isPath ? isUnder(place, folder) : place === folder;
  });
}

/** A repository with its file, a URL, or a path. */
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
  // A server of one node among several, or behind a socket, has no port.
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

/** As it is written, also where a variable is to be put in later. */
function rawSetting({ server, args, variables }: Launch, setting: Setting): string | undefined {
  const { options, variables: names } = DIALECTS[server];
  const name = names[setting];
  const fromVariable = name === undefined ? undefined : variables[name];
  return option(args, options[setting] ?? []) ?? fromVariable;
}

/** A value that is really there: neither empty nor what a variable or a command puts in later. */
function known(value: string | null | undefined): string | null {
  return value && !/[$`]/.test(value) ? value : null;
}

/** The quantization in a tag, as in `repository:Q8_0`, or that which servers of GGUF take without one. */
function ggufOf(model: string | null): string | null {
  if (model === null || model.includes(".gguf")) {
    return null;
  }
  const lastWord = model.split(/\W/).at(-1) ?? "";
  return /i?q\d.*|b?fp?\d\d$/i.exec(lastWord)?.[0] ?? "Q4_K_M";
}

/** A length as servers take it: `32768`, `32k` (32,000), `32K` (32,768), `auto` or `-1`. */
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
