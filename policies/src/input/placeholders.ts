import { type Safe, safe } from "@runpod-stack/kit";
import { isUnknown, UNKNOWN } from "@runpod-stack/provider/schema";
import { isRecord } from "../known";
import { doubt, type Finding, refusal } from "../rule";

const LONGEST = 1_000;
/** What templates, shells and people leave for another to fill in. */
const FORMS = [
  /\$\{[^}]*\}/,
  /\$\([^)]*\)/,
  /^\$\w+$/,
  /\{\{[^}]*\}\}/,
  /#\{[^}]*\}/,
  /<%.*%>/,
  /^<[^>]+>$/,
  /^%\w+%$/,
  /^__\w+__$/,
  /^@\w+@$/,
  /^\[\[.*\]\]$/,
  /^your[-_ ]/i,
  /^(?:x{3,}|todo|changeme|replace[-_]?me)$/i,
];
/** RunPod fills these in itself. */
const RUNPOD_SECRET = /\{\{\s*RUNPOD_SECRET_\w+\s*\}\}/g;

/** Whether a string, or a part of it, is still to be filled in. */
export function isPlaceholder(value: unknown): boolean {
  if (typeof value !== "string" || value.length > LONGEST) return false;
  const own = value.replace(RUNPOD_SECRET, "");
  return isUnknown(value) || FORMS.some((form) => form.test(own));
}

/** Inputs with what is still to be filled in held for unknown, and a finding about each. */
export function withoutPlaceholders(inputs: Readonly<Record<string, unknown>>): {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const entries = Object.entries(inputs).map(([field, value]) => {
    if (PROSE.has(field) || (COMMANDS.has(field) && runsShell(inputs))) return [field, value];
    const paths: string[] = [];
    const filled = fill(value, field, paths);
    findings.push(...paths.slice(0, 1).map((path) => finding(field, path, at(value, field, path))));
    return [field, filled];
  });
  return { inputs: Object.fromEntries(entries), findings };
}

const PROSE = new Set(["name", "readme", "startScript"]);
const COMMANDS = new Set(["dockerEntrypoint", "dockerStartCmd"]);
/** Programs may fill these in when they start; RunPod and Docker do not. */
const MAYBE = new Set([...COMMANDS, "env"]);

function fill(value: unknown, path: string, paths: string[]): unknown {
  if (isPlaceholder(value)) {
    paths.push(path);
    return UNKNOWN;
  }
  if (Array.isArray(value)) return value.map((item, at) => fill(item, `${path}[${at}]`, paths));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, fill(item, `${path}.${name}`, paths)]),
  );
}

function finding(field: string, path: string, value: unknown): Finding {
  const say = MAYBE.has(field) ? doubt : refusal;
  const shown: Safe = field === "env" ? safe`` : safe` ${JSON.stringify(value)}`;
  return say(
    field,
    safe`${path}${shown} is a placeholder that is not filled in, so what it stands for cannot be judged.`,
    safe`Fill it in before the check, and check what is sent.`,
  );
}

function at(value: unknown, field: string, path: string): unknown {
  const index = /^\[(\d+)\]$/.exec(path.slice(field.length))?.[1];
  return index === undefined ? value : (value as unknown[])[Number(index)];
}

/** Whether a shell reads the command, and fills in what looks like a placeholder. */
function runsShell({ dockerEntrypoint, dockerStartCmd }: Readonly<Record<string, unknown>>) {
  const words = [dockerEntrypoint, dockerStartCmd].flat();
  return words.some(
    (word) => typeof word === "string" && /(?:^|\/)(?:ba|da|z|a)?sh$|[\s;&|]/.test(word),
  );
}
