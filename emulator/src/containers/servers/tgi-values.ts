/** Options whose values are listed (enums of launcher/src/main.rs of 3.3.6). */
const CHOICES: Readonly<Record<string, string>> = {
  quantize:
    "awq compressed-tensors eetq exl2 gptq marlin bitsandbytes bitsandbytes-nf4 bitsandbytes-fp4 fp8",
  dtype: "float16 bfloat16",
  "kv-cache-dtype": "fp8_e4m3fn fp8_e5m2",
  "rope-scaling": "linear dynamic",
  "usage-stats": "on off no-stack",
};

const WHOLE_NUMBERS =
  "num-shard port max-input-tokens max-input-length max-total-tokens max-concurrent-requests max-batch-size max-batch-prefill-tokens max-batch-total-tokens".split(
    " ",
  );

/** What clap prints about a value that an option does not take; null if all are taken. */
export function wrongValue(setting: (name: string) => string | undefined): string[] | null {
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = setting(name);
    if (value !== undefined && !choices.split(" ").includes(value)) {
      return [
        `error: invalid value '${value}' for '${shown(name)}'`,
        `  [possible values: ${choices.replaceAll(" ", ", ")}]`,
      ];
    }
  }
  for (const name of WHOLE_NUMBERS) {
    const value = setting(name);
    if (value !== undefined && !/^\+?\d+$/.test(value)) {
      const reason =
        value === "" ? "cannot parse integer from empty string" : "invalid digit found in string";
      return [`error: invalid value '${value}' for '${shown(name)}': ${reason}`];
    }
  }
  return null;
}

function shown(name: string): string {
  return `--${name} <${name.toUpperCase().replaceAll("-", "_")}>`;
}
