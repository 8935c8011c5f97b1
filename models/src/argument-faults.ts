import type { WordFault } from "./command-fault";
import type { ServerSpec } from "./command-line";
import {
  findOption,
  type ServerOption,
  type ServerOptions,
  serverOptions,
} from "./data/server-options";
import type { Launch } from "./launch";
import { isFromImage } from "./preparation";
import { knownImage, serverRelease } from "./server-image";
import type { ServerKind } from "./server-words";

/** The first argument that the server's release rejects; null if none is known to be rejected. */
export function argumentFault(spec: ServerSpec, launch: Launch): WordFault | null {
  const { server, args } = launch;
  const image = spec.imageName ?? "";
  const isOwn = knownImage(image)?.server === server && isFromImage(spec, launch);
  if (TAKES_NO_WORD.includes(server)) {
    return isOwn ? leadingWord(args) : null;
  }
  if (server !== "vllm" && server !== "sglang") {
    return null;
  }
  const release = isOwn ? serverRelease(image) : null;
  const asModule = !launch.line.includes("serve");
  if (release === null) {
    return asModule && isOwn && server === "sglang" ? modelWord(args, "--model-path") : null;
  }
  const name = `${server === "vllm" ? "vLLM" : "SGLang"} ${release}`;
  const options = serverOptions(server, release);
  const option = server === "vllm" ? "--model" : "--model-path";
  const word = asModule ? modelWord(args, option) : null;
  if (word) {
    return { ...word, release: name };
  }
  const fault = options && refused(args, options);
  return fault && { ...fault, isCertain: true, release: name };
}

/** Servers without positional arguments. */
const TAKES_NO_WORD: readonly ServerKind[] = ["tgi", "tei", "llama.cpp"];

function leadingWord(args: readonly string[]): WordFault | null {
  const [first = ""] = args;
  if (first === "" || first.startsWith("-") || isOpen(first)) {
    return null;
  }
  return { kind: "extra-word", items: [first], meant: [], isCertain: true };
}

/** A model without its option, for parsers that reject or ignore positional arguments. */
function modelWord(args: readonly string[], option: string): WordFault | null {
  const [first = ""] = args;
  if (first === "" || first.startsWith("-") || isOpen(first)) {
    return null;
  }
  return { kind: "model-needs-option", items: [first], meant: [option, first], isCertain: true };
}

type Refused = Pick<WordFault, "kind" | "items" | "meant" | "known">;

/** Reads arguments as Python's argparse does, up to the first that it rejects. */
function refused(args: readonly string[], options: ServerOptions): Refused | null {
  let words = 0;
  for (let at = 0; at < args.length; ) {
    const arg = args[at++] ?? "";
    if (arg === "--") {
      return null;
    }
    // A variable may expand to anything, including an option that takes the next word.
    if (isOpen(arg) && !arg.includes("=")) {
      return null;
    }
    if (!isFlag(arg)) {
      words++;
      if (words > 1) {
        return { kind: "extra-word", items: [arg], meant: [] };
      }
      continue;
    }
    const found = findOption(options, arg);
    if (found === "unknown") {
      const [name = ""] = arg.split("=", 1);
      return { kind: "unknown-option", items: [name], meant: [], known: [...options.known.keys()] };
    }
    const inline = arg.includes("=") ? arg.slice(arg.indexOf("=") + 1) : undefined;
    const values: string[] = inline === undefined ? [] : [inline];
    const most = found === "perhaps" ? Infinity : MOST_VALUES[found.kind];
    while (inline === undefined && values.length < most && at < args.length) {
      if (isFlag(args[at] ?? "")) {
        break;
      }
      values.push(args[at++] ?? "");
    }
    const fault = found === "perhaps" ? null : wrong(found, arg, values);
    if (fault) {
      return fault;
    }
  }
  return null;
}

const MOST_VALUES = { none: 0, value: 1, optional: 1, many: Number.POSITIVE_INFINITY };

function wrong(option: ServerOption, arg: string, values: readonly string[]): Refused | null {
  const { kind, type, choices } = option;
  const attached = /^-[^-]./.test(arg) && option.name !== arg;
  if (kind === "value" && values.length === 0 && !attached && !arg.includes(".")) {
    return { kind: "missing-value", items: [arg], meant: [] };
  }
  const [value = ""] = values;
  if (kind !== "value" || values.length === 0 || isOpen(value) || arg.includes(".")) {
    return null;
  }
  const isNumber =
    type === "int"
      ? /^\s*[-+]?\d[\d_]*\s*$/.test(value)
      : type === null || Number.isFinite(Number(value));
  const isChoice =
    choices === null || choices.includes(value) || choices.includes(String(Number(value)));
  if (isNumber && isChoice) {
    return null;
  }
  const meant = choices !== null && choices.length <= MOST_SHOWN ? choices : [];
  return { kind: "wrong-value", items: [option.name, value], meant: isNumber ? meant : [] };
}

const MOST_SHOWN = 12;

/** Whether argparse reads a word as an option: `-1` and words with a space are values. */
function isFlag(arg: string): boolean {
  const [name = ""] = arg.split("=", 1);
  return /^-\D/.test(arg) && !/^-\.\d/.test(arg) && !/\s/.test(name);
}

/** The start of a placeholder for a value that is not known yet. */
const UNKNOWN_TEXT = "\u0001";

/** Whether a word contains a variable, a command or a value that is not known yet. */
function isOpen(word: string): boolean {
  return /[$`]/.test(word) || word.includes(UNKNOWN_TEXT);
}
