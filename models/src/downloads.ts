import { option, positionals } from "./options";
import { baseName } from "./server-words";

/** A download that a command runs before or while its server starts. */
export interface Download {
  /** A repository id (for one GGUF file, with its quantization), an Ollama model, or the URL of a file. */
  readonly name: string;
  /** The folder or file that it writes to; null for the program's cache. */
  readonly path: string | null;
  /** The setting that decides the path, for example `"--local-dir"`. */
  readonly from: string;
  /** Whether it downloads only some of the files. */
  readonly isPart: boolean;
}

/** The download that a simple command runs; null if it downloads no model. */
export function readDownload(words: readonly string[]): Download | null {
  const at = words.findIndex((word) => Object.hasOwn(READERS, baseName(word)));
  const read = at < 0 ? undefined : READERS[baseName(words[at] ?? "")];
  return read?.(words.slice(at + 1)) ?? null;
}

/** The Hugging Face repository or file at a URL: `org/repo` or `org/repo:Q8_0`. Other URLs stay as they are. */
export function nameOfUrl(url: string): string {
  const [, repository, file = ""] =
    /(?:huggingface\.co|hf\.co|hf-mirror\.com)\/([\w.-]+\/[\w.-]+)(?:\/(?:resolve|blob|raw)\/[^/]+\/([^?#]+))?/.exec(
      url,
    ) ?? [];
  return repository === undefined ? url : withQuantization(repository.replace(/\.git$/, ""), file);
}

/** A repository with the quantization in a GGUF file's name, in llama.cpp's notation. */
export function withQuantization(repository: string, file: string): string {
  const found = QUANTIZATION.exec(file.slice(-LONGEST_NAME))?.[1];
  return found === undefined ? repository : `${repository.split(":", 1)}:${found}`;
}

const LONGEST_NAME = 200;
/** The quantization in a file name, or in a pattern such as `*Q4_K_M*`. */
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
