import { safe } from "@runpod-stack/kit";
import { isUnknown, UNKNOWN } from "@runpod-stack/provider/schema";
import { doubt, type Finding, refusal } from "../finding";
import { isRecord } from "../known";

const LONGEST = 1_000;
/** Placeholders of templates, shells and people. */
const FORMS = [
  /\$\{[^{}]{0,200}\}/,
  /\$\([^()]{0,200}\)/,
  /^\$\w+$/,
  /\{\{[^{}]{0,200}\}\}/,
  /#\{[^{}]{0,200}\}/,
  /<%[^<>]{0,200}%>/,
  /^<[^>]+>$/,
  /^%\w+%$/,
  /^__\w+__$/,
  /^@\w+@$/,
  /^\[\[.*\]\]$/,
  /^your[-_ ]/i,
  /^(?:x{3,}|todo|changeme|replace[-_]?me)$/i,
];
/** RunPod fills these in itself. */
const RUNPOD_SECRET = /\{\{\s{0,9}RUNPOD_SECRET_[\w./-]{1,200}\s{0,9}\}\}/g;

/** Whether a string contains a placeholder. */
export function isPlaceholder(value: unknown): boolean {
  if (typeof value !== "string" || value.length > LONGEST) {
    return false;
  }
  const own = value.replace(RUNPOD_SECRET, "");
  return isUnknown(value) || FORMS.some((form) => form.test(own));
}

/** A body with unknown values instead of placeholders, and a finding about each field with one. */
export function withoutPlaceholders(body: Body): {
  readonly filled: Body;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const entries = Object.entries(body).map(([field, value]) => {
    if (PROSE.test(field) || (COMMAND.test(field) && runsShell(body))) {
      return [field, value];
    }
    const found: Placeholder[] = [];
    const filled = fill(value, field, found);
    findings.push(...found.slice(0, 1).map((one) => finding(field, one)));
    return [field, filled];
  });
  return { filled: Object.fromEntries(entries), findings };
}

type Body = Readonly<Record<string, unknown>>;

interface Placeholder {
  readonly path: string;
  readonly text: string;
}

const PROSE = /^(?:name|readme|start_?script|x-.*|\$schema)$/i;
const COMMAND = /^(?:docker|args$|cmd$|entrypoint$)/;
/** Programs may fill in placeholders here at startup; RunPod and Docker do not. */
const MAYBE = /^(?:docker|args$|cmd$|entrypoint$|env$)/;

function fill(value: unknown, path: string, found: Placeholder[]): unknown {
  if (isPlaceholder(value)) {
    found.push({ path, text: String(value) });
    return UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map((item, at) => fill(item, `${path}[${at}]`, found));
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, fill(item, `${path}.${name}`, found)]),
  );
}

function finding(field: string, { path, text }: Placeholder): Finding {
  const say = MAYBE.test(field) ? doubt : refusal;
  const shown = field === "env" ? safe`` : safe` ${JSON.stringify(text)}`;
  return say(
    field,
    safe`${path}${shown} is an unfilled placeholder, so its value cannot be checked.`,
    safe`Fill it in before you run the check.`,
  );
}

/** Whether a shell runs the command, and expands what looks like a placeholder. */
function runsShell(body: Body): boolean {
  const words = Object.entries(body).flatMap(([field, value]) =>
    COMMAND.test(field) ? value : [],
  );
  return words.some((word) => typeof word === "string" && SHELL.test(word));
}

const SHELL = /(?:^|[/\s])(?:ba|da|z|a)?sh(?:\s|$)|[;&|\n]/;
