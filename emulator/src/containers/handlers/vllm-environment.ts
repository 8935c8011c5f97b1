import type { FlagKind } from "../argparse";
import type { Environment } from "../machine";
import { vllmFlags } from "../servers/vllm-options";

/**
 * The options of `vllm serve` that the worker reads from its environment: each of vLLM's own by its
 * name in capitals, then the worker's older names, then `VLLM_EXTRA_ARGS` as it is.
 */
export function vllmArguments(
  env: Environment,
  version: string,
): { args: string[] } | { error: string } {
  const flags = new Map<string, string | null>();
  const { kinds } = vllmFlags(version);
  const named = [...kinds.keys()].map((name) => [variableOf(name), name] as const);
  const read = named.filter(([variable]) => !RESERVED.has(variable));
  for (const [variable, name] of [...read, ...OLDER_NAMES]) {
    const value = env[variable]?.trim();
    if (!value || (name === "max-num-batched-tokens" && value === "0")) {
      continue;
    }
    if (kinds.get(name) !== "switch") {
      flags.set(name, value);
      continue;
    }
    const isOn = SWITCH_VALUES.get(value.toLowerCase());
    if (isOn === undefined) {
      return { error: `invalid boolean value '${value}' for --${name}` };
    }
    turn(flags, kinds, name, isOn);
  }
  const args = [...flags].flatMap(([name, value]) =>
    value === null ? [`--${name}`] : [`--${name}`, value],
  );
  return { args: [...args, ...words(env["VLLM_EXTRA_ARGS"] ?? "")] };
}

function turn(
  flags: Map<string, string | null>,
  kinds: ReadonlyMap<string, FlagKind>,
  name: string,
  isOn: boolean,
): void {
  if (isOn) {
    flags.set(name, null);
  } else if (kinds.has(`no-${name}`)) {
    flags.set(`no-${name}`, null);
  } else {
    flags.delete(name);
  }
}

function variableOf(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}

/** As a shell splits them. */
function words(text: string): string[] {
  const found = text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g);
  return [...found].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/** Options that the worker sets itself or leaves to another variable. */
const RESERVED = new Set(["HOST", "PORT", "API_KEY", "MODEL", "CONFIG", "HELP"]);

const OLDER_NAMES = [
  ["MODEL_NAME", "model"],
  ["MODEL_REVISION", "revision"],
  ["TOKENIZER_NAME", "tokenizer"],
  ["OPENAI_SERVED_MODEL_NAME_OVERRIDE", "served-model-name"],
  ["CUSTOM_CHAT_TEMPLATE", "chat-template"],
  ["VLLM_CONFIG_FILE", "config"],
] as const;

const SWITCH_VALUES: ReadonlyMap<string, boolean> = new Map([
  ...["true", "1", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "off"].map((word) => [word, false] as const),
]);
