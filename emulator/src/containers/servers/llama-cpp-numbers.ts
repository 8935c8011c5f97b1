import type { Environment } from "../machine";

/** Flags that take a whole number, with the variables that do the same, as common/arg.cpp has them. */
const WHOLE_NUMBERS: Readonly<Record<string, string>> = {
  port: "LLAMA_ARG_PORT",
  "ctx-size": "LLAMA_ARG_CTX_SIZE",
  "n-gpu-layers": "LLAMA_ARG_N_GPU_LAYERS",
  "gpu-layers": "LLAMA_ARG_N_GPU_LAYERS",
  threads: "LLAMA_ARG_THREADS",
  "batch-size": "LLAMA_ARG_BATCH",
  "ubatch-size": "LLAMA_ARG_UBATCH",
  parallel: "LLAMA_ARG_N_PARALLEL",
  "n-predict": "LLAMA_ARG_N_PREDICT",
  timeout: "LLAMA_ARG_TIMEOUT",
};

/** What its parser prints about a value that does not begin with a number; null if all do. */
export function wrongNumber(
  flags: ReadonlyMap<string, readonly string[]>,
  env: Environment,
): string[] | null {
  const isWrong = (value: string, flag: string) =>
    !/^\s*[-+]?\d/.test(value) && !(flag.endsWith("gpu-layers") && /^(?:auto|all)$/.test(value));
  for (const [flag, variable] of Object.entries(WHOLE_NUMBERS)) {
    const value = env[variable];
    if (value !== undefined && isWrong(value, flag)) {
      return [`error while handling environment variable "${variable}": stoi`, ""];
    }
  }
  for (const [flag, [value = ""]] of flags) {
    const variable = WHOLE_NUMBERS[flag];
    if (variable !== undefined && isWrong(value, flag)) {
      return [
        `error while handling argument "--${flag}": stoi`,
        "",
        "usage:",
        `--${flag} N`,
        `                                        (env: ${variable})`,
        "",
        "",
        "to show complete usage, run with -h",
      ];
    }
  }
  return null;
}
