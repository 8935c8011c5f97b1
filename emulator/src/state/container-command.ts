import { parseJson } from "../core/json";
import { ApiError } from "../core/problem";

/** What a container runs; null leaves the image's own. */
export interface Command {
  entrypoint: string[] | null;
  cmd: string[] | null;
  /** The stored form, as `args` answers it. */
  args: string;
}

/** The container settings that a template may give and a body may override. */
export interface ContainerSettings {
  image: string;
  command: Command;
  disk: number;
  ports: string[];
  env: Record<string, string>;
  registry: string | null;
}

/** The three forms that a body may use. */
export interface CommandFields {
  args?: string;
  entrypoint?: string[];
  cmd?: string[];
}

export const IMAGE_COMMAND: Command = { entrypoint: null, cmd: null, args: "" };

/** Applies a body's fields to the current command: an absent one keeps it, an empty one clears it. */
export function applyCommand(current: Command, fields: CommandFields): Command {
  const fromArgs = fields.args === undefined ? undefined : decodeArgs(fields.args);
  if (fields.entrypoint === undefined && fields.cmd === undefined) {
    return fromArgs ?? current;
  }
  const fromArrays = store(
    fields.entrypoint === undefined ? current.entrypoint : orNull(fields.entrypoint),
    fields.cmd === undefined ? current.cmd : orNull(fields.cmd),
  );
  if (fromArgs && !sameCommand(fromArgs, fromArrays)) {
    throw new ApiError(
      400,
      "args and entrypoint/cmd describe different commands; send one spelling",
    );
  }
  return fromArrays;
}

/** The fields that responses carry. */
export function commandView({ args, entrypoint, cmd }: Command): Required<CommandFields> {
  return { args, entrypoint: entrypoint ?? [], cmd: cmd ?? [] };
}

function decodeArgs(args: string): Command {
  const object = parseObject(args);
  if (object) {
    return { entrypoint: strings(object["entrypoint"]), cmd: strings(object["cmd"]), args };
  }
  return { entrypoint: null, cmd: orNull(splitWords(args)), args };
}

function store(entrypoint: string[] | null, cmd: string[] | null): Command {
  const stored = { ...(entrypoint && { entrypoint }), ...(cmd && { cmd }) };
  const args = entrypoint || cmd ? JSON.stringify(stored) : "";
  return { entrypoint, cmd, args };
}

function sameCommand(a: Command, b: Command): boolean {
  return JSON.stringify([a.entrypoint, a.cmd]) === JSON.stringify([b.entrypoint, b.cmd]);
}

function orNull(words: string[]): string[] | null {
  return words.length > 0 ? words : null;
}

function strings(value: unknown): string[] | null {
  return Array.isArray(value) ? orNull(value.map(String)) : null;
}

function parseObject(args: string): Record<string, unknown> | null {
  const value = args.trimStart().startsWith("{") ? parseJson(args) : undefined;
  return (value as Record<string, unknown> | undefined) ?? null;
}

/** Splits as a shell does: spaces separate words, quotes and backslashes join them. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  const parts = /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|(\s+)|([^\s'"\\]+|['"\\])/gs;
  let word: string | null = null;
  for (const [, single, double, escaped, blank, plain] of line.matchAll(parts)) {
    if (blank !== undefined) {
      if (word !== null) {
        words.push(word);
      }
      word = null;
    } else {
      word =
        (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "");
    }
  }
  return word === null ? words : [...words, word];
}
