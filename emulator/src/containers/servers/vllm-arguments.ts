import type { Machine } from "../machine";
import { REASONING_PARSERS, TOOL_PARSERS } from "./vllm-names";
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
  const isOwn = flags.has("tool-parser-plugin") || flags.has("reasoning-parser-plugin");
  if (flags.has("enable-auto-tool-choice") && !isOwn && !TOOL_PARSERS.has(toolParser ?? "")) {
    return [unknownParser("tool call", toolParser ?? "", TOOL_PARSERS)];
  }
  if (reasoningParser && !isOwn && !REASONING_PARSERS.has(reasoningParser)) {
    return [unknownParser("reasoning", reasoningParser, REASONING_PARSERS)];
  }
  return port >= 0 && port <= LAST_PORT ? null : ["OverflowError: bind(): port must be 0-65535."];
}

const LAST_PORT = 65_535;

/** Whether nothing has put a file there. What third parties put into their images is not known. */
function isMissing({ image, disk }: Machine, path: string): boolean {
  const isInImage = /^(?:(?:\/vllm-workspace\/)?(?:\.\/)?examples\/|\/(?:usr|etc|opt)\/)/.test(
    path,
  );
  return image.known && !isInImage && disk.sizeOf(path) === undefined;
}

function unknownParser(kind: string, name: string, known: ReadonlySet<string>): string {
  return `KeyError: 'invalid ${kind} parser: ${name} (chose from { ${[...known].join(",")} })'`;
}
