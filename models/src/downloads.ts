import { option, positionals } from "./options";
import { baseName } from "./server-words";

/** A download that a command does before or while its server starts. */
export interface Download {
  /** A repository id, an Ollama model, or the URL of a file. Of one GGUF file with its quantization. */
  readonly name: string;
  /** The folder or the file that is written; null for the cache of the program. */
  readonly path: string | null;
  /** What decides where it goes, as `"--local-dir"`. */
  readonly from: string;
  /** Whether only some of the files are taken. */
  readonly isPart: boolean;
}

/** What a simple command downloads; null if it is none that fetches a model. */
export function readDownload(words: readonly string[]): Download | null {
  const at = words.findIndex((word) => Object.hasOwn(READERS, baseName(word)));
  const read = at < 0 ? undefined : READERS[baseName(words[at] ?? "")];
  return read?.(words.slice(at + 1)) ?? null;
}

/** A repository or a file of Hugging Face by its URL: `org/repo`, or `org/repo:Q8_0`. */
export function nameOfUrl(url: string): string {
  const [, repository, file = ""] =
    /(?:huggingface\.co|hf\.co|hf-mirror\.com)\/([\w.-]+\/[\w.-]+)(?:\/(?:resolve|blob|raw)\/[^/]+\/([^?#]+))?/.exec(
      url,
    ) ?? [];
  return repository === undefined ? url : withQuantization(repository.replace(/\.git$/, ""), file);
}

/** A repository with the quantization that the name of a GGUF file says, as llama.cpp writes it. */
export function withQuantization(repository: string, file: string): string {
  const found = QUANTIZATION.exec(file.slice(-LONGEST_NAME))?.[1];
  return found === undefined ? repository : `${repository.split(":", 1)}:${found}`;
}

const LONGEST_NAME = 200;
/** In the name of a file, or in a pattern such as `*Q4_K_M*`. */
const QUANTIZATION =
  /(?:^|[-._*/])(i?q\d[a-z\d_]{0,12}|b?f(?:p)?(?:16|32)|mxfp4)(?:-\d{1,6}-of-\d{1,6})?(?:\*|(?:\*?\.gguf)?$)/i;

type Reader = (args: readonly string[]) => Download | null;

const READERS: Readonly<Record<string, Reader>> = {
  hf: readHub,
  "huggingface-cli": readHub,
  modelscope: readHub,
  ollama: readOllama,
  wget: (args) => readUrl(args, ["-O", "--output-document"], ["-P", "--directory-prefix"]),
  curl: (args) => readUrl(args, ["-o", "--output"], ["--output-dir"]),
  aria2c: (args) => readUrl(args, ["-o", "--out"], ["-d", "--dir"]),
  git: readClone,
};

function readHub([command, ...args]: readonly string[]): Download | null {
  if (command !== "download") {
    return null;
  }
  const [first, ...files] = positionals(args, HUB_SWITCHES);
  const repository = option(args, ["--model", "--repo-id"]) ?? first;
  const isModel = (option(args, ["--repo-type"]) ?? "model") === "model";
  if (repository === undefined || !isModel) {
    return null;
  }
  const pattern = option(args, ["--include"]);
  const file = files.length === 1 && files[0] ? files[0] : (pattern ?? "");
  const name = withQuantization(repository, file);
  const folder = option(args, ["--local-dir"]);
  const cache = option(args, ["--cache-dir"]);
  return {
    name,
    path: folder ?? cache,
    from: folder === null && cache !== null ? "--cache-dir" : "--local-dir",
    isPart: name === repository && (files.length > 0 || isNarrow(pattern)),
  };
}

const HUB_SWITCHES = /^--(?:quiet|force-download|dry-run|resume-download)$/;

function isNarrow(pattern: string | null): boolean {
  return pattern !== null && !/^\*(?:\.(?:safetensors|json))?$/.test(pattern);
}

function readOllama([command, ...args]: readonly string[]): Download | null {
  const name = /^(?:pull|run)$/.test(command ?? "") ? positionals(args, /^--/)[0] : undefined;
  return name === undefined ? null : { name, path: null, from: "OLLAMA_MODELS", isPart: false };
}

function readUrl(
  args: readonly string[],
  fileOptions: readonly string[],
  folderOptions: readonly string[],
): Download | null {
  const url = args.find((arg) => /^https?:\/\//.test(arg));
  if (url === undefined || !/\.(?:gguf|safetensors|bin|pth?|ckpt|onnx)(?:\?|$)/.test(url)) {
    return null;
  }
  const file = option(args, fileOptions);
  const folder = option(args, folderOptions);
  const isWhole = file?.startsWith("/") || folder === null;
  const path = isWhole ? (file ?? `./${baseName(url)}`) : `${folder}/${file ?? baseName(url)}`;
  return {
    name: nameOfUrl(url),
    path,
    from: file === null ? "the command" : "-o",
    isPart: !/\.gguf/.test(url),
  };
}

function readClone([command, ...args]: readonly string[]): Download | null {
  const [url, folder] = positionals(args, /^--(?:single-branch|recurse-submodules|progress)$/);
  if (command !== "clone" || !/^https?:\/\/(?:huggingface\.co|hf\.co)\//.test(url ?? "")) {
    return null;
  }
  const name = nameOfUrl(url ?? "");
  return { name, path: folder ?? `./${baseName(name)}`, from: "git clone", isPart: false };
}
