/**
 * The value of a server's option, the last one if it is given twice; null if it is not given.
 * Understands `--name value`, `--name=value` and `--some_name` for `--some-name`.
 */
export function option(args: readonly string[], names: readonly string[]): string | null {
  let value: string | null = null;
  for (const [at, arg] of args.entries()) {
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const name = dashed(equals < 0 ? arg : arg.slice(0, equals));
    if (!names.includes(name)) continue;
    const next = args[at + 1];
    if (equals >= 0) value = arg.slice(equals + 1);
    else if (next !== undefined && !isOption(next)) value = next;
  }
  return value;
}

/**
 * The first argument that belongs to no option. Which options take no value is known for the
 * common ones only, so `--unknown-switch model` is not read as one.
 */
export function positional(args: readonly string[]): string | null {
  let takesValue = false;
  let takesMany = false;
  for (const arg of args) {
    if (isOption(arg)) {
      takesValue = !arg.includes("=") && !SWITCHES.test(dashed(arg));
      takesMany = MANY_VALUES.test(dashed(arg));
    } else if (!takesValue && !takesMany) {
      return arg;
    } else {
      takesValue = false;
    }
  }
  return null;
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
