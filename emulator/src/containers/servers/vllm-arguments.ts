import { isSince } from "../../core/versions";
import type { Machine } from "../machine";
import {
  ATTENTION_BACKENDS,
  LOAD_FORMATS,
  REASONING_PARSERS,
  TEMPLATES,
  TOKENIZER_MODES,
  TOOL_PARSERS,
  TOOL_TEMPLATES,
} from "./vllm-names";
import type { VllmOptions } from "./vllm-options";

/**
 * The end of vLLM's traceback if arguments that its parser takes do not go together or name what does
 * not exist; null if all are right.
 */
export function argumentProblem(machine: Machine, { flags, port }: VllmOptions): string[] | null {
  const one = (name: string) => flags.get(name)?.[0];
  const config = one("config");
  const template = one("chat-template");
  const toolParser = one("tool-call-parser");
  const reasoningParser = one("reasoning-parser");
  if (config !== undefined && !/\.ya?ml$/.test(config)) {
    return [`ValueError: Config file must be of a yaml/yml type. ${config} supplied`];
  }
  if (config !== undefined && isMissing(machine, config)) {
    return [`FileNotFoundError: [Errno 2] No such file or directory: '${config}'`];
  }
  if (template !== undefined && !/[{}\n]/.test(template) && isMissing(machine, template)) {
    return [
      `ValueError: The supplied chat template string (${template}) appears path-like, but doesn't exist!`,
    ];
  }
  if (flags.has("enable-auto-tool-choice") && toolParser === undefined) {
    return ["TypeError: Error: --enable-auto-tool-choice requires --tool-call-parser"];
  }
  if (flags.has("enable-log-outputs") && !flags.has("enable-log-requests")) {
    return ["TypeError: Error: --enable-log-outputs requires --enable-log-requests"];
  }
  // A plugin that cannot be loaded is only logged, and then its parser is missing.
  const isOwn = ["tool-parser-plugin", "reasoning-parser-plugin"].some((name) => {
    const plugin = one(name);
    return plugin !== undefined && !isMissing(machine, plugin);
  });
  if (flags.has("enable-auto-tool-choice") && !isOwn && !TOOL_PARSERS.has(toolParser ?? "")) {
    return [unknownParser("tool call", toolParser ?? "", TOOL_PARSERS)];
  }
  if (reasoningParser && !isOwn && !REASONING_PARSERS.has(reasoningParser)) {
    return [unknownParser("reasoning", reasoningParser, REASONING_PARSERS)];
  }
  const host = one("host") ?? "";
  if (!/^[\d.:a-f%]*$|^localhost$/i.test(host) && host !== machine.podId) {
    return ["socket.gaierror: [Errno -2] Name or service not known"];
  }
  if (
    ["ssl-keyfile", "ssl-certfile"].some((name) => isMissing(machine, one(name) ?? "/dev/null"))
  ) {
    return ["FileNotFoundError: [Errno 2] No such file or directory"];
  }
  return port >= 0 && port <= LAST_PORT ? null : ["OverflowError: bind(): port must be 0-65535."];
}

const LAST_PORT = 65_535;

/** The end of the traceback if an option names what the release does not have; null if none does. */
export function nameProblem({ flags }: VllmOptions, version: string): string[] | null {
  if (!isSince(version, "0.14.0")) {
    return null;
  }
  const one = (name: string, otherwise = "auto") => flags.get(name)?.[0] ?? otherwise;
  const attention = one("attention-backend").toUpperCase();
  if (attention !== "AUTO" && !ATTENTION_BACKENDS.has(attention)) {
    return [
      `ValueError: Unknown attention backend: '${attention}'. Valid options are: ${[...ATTENTION_BACKENDS].join(", ")}`,
    ];
  }
  const executor = one("distributed-executor-backend", "mp");
  if (!/^(?:ray|mp|uni|external_launcher)$|\./.test(executor)) {
    return ["ValueError: not enough values to unpack (expected 2, got 1)"];
  }
  const tokenizer = one("tokenizer-mode").toLowerCase();
  if (!TOKENIZER_MODES.has(tokenizer)) {
    return [`ValueError: No tokenizer registered for tokenizer_mode='${tokenizer}'.`];
  }
  const format = one("load-format").toLowerCase();
  return LOAD_FORMATS.has(format)
    ? null
    : [`ValueError: Load format \`${format}\` is not supported`];
}

/** Whether nothing has put a file there. What third parties put into their images is not known. */
function isMissing({ image, disk }: Machine, path: string): boolean {
  return image.known && !isInImage(path) && disk.sizeOf(path) === undefined;
}

/** Whether vLLM's image has the file. */
function isInImage(path: string): boolean {
  const [, isTool, name = ""] =
    /^(?:\/vllm-workspace\/)?(?:\.\/)?examples\/(tool_chat_)?template_([\w.]+)\.jinja$/.exec(
      path,
    ) ?? [];
  return (
    (isTool === undefined ? TEMPLATES : TOOL_TEMPLATES).has(name) ||
    /^\/dev\/null$|\/dist-packages\/vllm\/transformers_utils\/chat_templates\/\w+\.jinja$/.test(
      path,
    )
  );
}

function unknownParser(kind: string, name: string, known: ReadonlySet<string>): string {
  return `KeyError: 'invalid ${kind} parser: ${name} (chose from { ${[...known].join(",")} })'`;
}
