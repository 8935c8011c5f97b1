import { type CacheDoubt, cacheOf, hubCache } from "./cache-path";
import type { ServerSpec } from "./command-line";
import { readContainer } from "./container";
import { draftModel } from "./draft-model";
import type { Container, Launch } from "./launch";
import { optionValues } from "./options";
import { resolved } from "./paths";
import { commandOf } from "./server";

/** Weights that a container downloads. */
export interface ModelFiles {
  /** A repository id, an Ollama model, or `repository:quantization` for a GGUF file. */
  readonly name: string;
  /** Set by the command, or the server's documented default for GGUF models; null if there is neither. */
  readonly quantization: string | null;
  /** The folder or file that they are written to; null if not known. */
  readonly where: string | null;
  /** The setting that decides the path, for example `"HF_HOME"`. */
  readonly from: string | null;
  /** Why they may be elsewhere; absent if the location is certain. */
  readonly doubt?: CacheDoubt;
  /** Whether only some files of the repository are downloaded, so that the repository's size does not apply. */
  readonly isPart: boolean;
}

/**
 * All weights that a container downloads: its servers' models, their draft models, and the downloads
 * in its command (`hf download`, `ollama pull`, `wget`, `git clone`). Lists each model once per
 * location. Never throws.
 *
 * @example
 * modelFiles({ imageName: "ollama/ollama", dockerEntrypoint: ["sh", "-c"],
 *   dockerStartCmd: ["ollama serve & ollama pull a:7b; ollama pull b:8b; wait"] })
 * // [{ name: "a:7b", where: "/root/.ollama/models", … }, { name: "b:8b", … }]
 */
export function modelFiles(spec: ServerSpec): ModelFiles[] {
  const container = readContainer(spec);
  if (container === null) {
    return [];
  }
  const image = spec.imageName ?? "";
  const served = container.launches.flatMap((launch) => servedFiles(launch, container, image));
  const fetched = container.downloads.map((download) => fetchedFiles(download, container, image));
  const found = new Map<string, ModelFiles>();
  for (const files of [...served, ...fetched]) {
    const key = `${files.name} ${files.where}`;
    if (!found.has(key)) {
      found.set(key, files);
    }
  }
  return [...found.values()];
}

function servedFiles(launch: Launch, container: Container, image: string): ModelFiles[] {
  const { model, quantization } = commandOf(launch, container);
  const cache = cacheOf(launch, container, image);
  if (cache === null) {
    return [];
  }
  const { path, from, doubt } = cache;
  const place = { where: path, from, ...(doubt && { doubt }), isPart: false };
  const others = [draftModel(launch) ?? [], otherModels(launch)].flat();
  return [
    ...(model === null ? [] : [{ name: model, quantization, ...place }]),
    ...others.map((name) => ({ name, quantization: null, ...place })),
  ].filter(({ name }) => !/^[./~]/.test(name));
}

/** The models of a server that serves several. */
function otherModels({ server, args, variables }: Launch): string[] {
  if (server !== "infinity") {
    return [];
  }
  const given = optionValues(args, ["--model-id"]);
  const all = given.length > 0 ? given : (variables["INFINITY_MODEL_ID"] ?? "").split(";");
  return all.filter(Boolean);
}

function fetchedFiles(
  download: Container["downloads"][number],
  container: Container,
  image: string,
): ModelFiles {
  const { name, isPart, variables } = download;
  const launch = container.launches[0];
  const folder = launch?.folder ?? null;
  const isOllama = download.from === "OLLAMA_MODELS";
  const quantization = isOllama && !/[-_:]i?q\d|fp?16|bf16/i.test(name) ? "Q4_K_M" : null;
  const ollama = container.launches.find(({ server }) => server === "ollama");
  const cache = ollama && isOllama ? cacheOf(ollama, container, image) : null;
  const hub = hubCache({ variables, imageVariables: launch?.imageVariables ?? null });
  const own = isOllama ? cache : hub;
  const path = download.path ?? own?.path ?? null;
  return {
    name,
    quantization,
    where: path === null ? null : resolved(path, { variables, folder }),
    from: download.path === null ? (own?.from ?? null) : download.from,
    ...(cache?.doubt && { doubt: cache.doubt }),
    isPart,
  };
}
