/**
 * The value of a server's option, the last one if it is given twice; null if it is not given.
 * Understands `--name value`, `--name=value` and `--some_name` for `--some-name`.
 */
export function option(args: readonly string[], names: readonly string[]): string | null {
  return optionValues(args, names).at(-1) ?? null;
}

/** All values of an option that may be given more than once. */
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
 * The first argument that belongs to no option. Which options take no value is known for the
 * common ones only, so `--unknown-switch model` is not read as one.
 */
export function positional(args: readonly string[]): string | null {
  return positionals(args)[0] ?? null;
}

/** The arguments that belong to no option. All options but the switches take one value or many. */
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

/** `-1` is a value. */
function isOption(arg: string): boolean {
  return /^-[^\d.]/.test(arg);
}

function dashed(name: string): string {
  return name.startsWith("--") ? name.replaceAll("_", "-") : name;
}
