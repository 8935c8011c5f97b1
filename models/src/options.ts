/**
 * The value of a server option; the last value if the option is repeated, null if it is absent.
 * Accepts `--name value`, `--name=value`, and `--some_name` for `--some-name`.
 */
export function option(args: readonly string[], names: readonly string[]): string | null {
  return optionValues(args, names).at(-1) ?? null;
}

/** All values of an option that may be repeated. */
export function optionValues(args: readonly string[], names: readonly string[]): string[] {
  const values: string[] = [];
  for (const [at, arg] of args.entries()) {
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const name = dashed(equals < 0 ? arg : arg.slice(0, equals));
    if (!names.includes(name)) {
      continue;
    }
    const next = args[at + 1];
    if (equals >= 0) {
      values.push(arg.slice(equals + 1));
    } else if (next !== undefined && !isOption(next)) {
      values.push(next);
    }
  }
  return values;
}

/** Whether an option is given, with or without a value. */
export function isGiven(args: readonly string[], names: readonly string[]): boolean {
  return args.some((arg) => names.includes(dashed(arg.split("=", 1)[0] ?? "")));
}

/**
 * The first positional argument. Only common switches are known to take no value, so the model in
 * `--unknown-switch model` is read as a value.
 */
export function positional(args: readonly string[]): string | null {
  return positionals(args)[0] ?? null;
}

/** All positional arguments. Every option except `switches` takes one or more values. */
export function positionals(args: readonly string[], switches: RegExp = SWITCHES): string[] {
  const found: string[] = [];
  let takesValue = false;
  let takesMany = false;
  for (const arg of args) {
    if (isOption(arg)) {
      takesValue = !arg.includes("=") && !switches.test(dashed(arg));
      takesMany = takesValue && MANY_VALUES.test(dashed(arg));
    } else if (!takesValue && !takesMany) {
      found.push(arg);
    } else {
      takesValue = false;
    }
  }
  return found;
}

const SWITCHES =
  /^--(?:trust-remote-code|enforce-eager|enable-|disable-|no-|async-scheduling|language-model-only|headless)/;
const MANY_VALUES = /^--(?:served-model-name|api-key|lora-modules|allowed-)/;

/** Negative numbers such as `-1` are values. */
function isOption(arg: string): boolean {
  return /^-[^\d.]/.test(arg);
}

function dashed(name: string): string {
  return name.startsWith("--") ? name.replaceAll("_", "-") : name;
}
