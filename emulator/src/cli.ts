import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { hideSecretsOf, multiline, type Safe, safe, trusted } from "@runpod-stack/kit";
import type { Speed } from "./core/clock";
import { parseRateLimit } from "./http/rate-limit";
import { type EmulatorOptions, startEmulator } from "./server";

const USAGE = `RunPod on your machine: its API, catalog, containers, proxy URLs and bill.

usage: runpod-emulator [options]

  --port <number>        port on 127.0.0.1, 0 for any free one (default 8787)
  --api-key <key>        accepted API key; repeat it for several accounts (default rpa_emulator)
  --seed <number>        the same seed gives the same ids, stock and chances (default: a new one)
  --rate-limit <limit>   requests/seconds, several by comma, or "off" (default 60/60,3000/3600)
  --speed <speed>        real, fast (40 times) or instant (default real)
  --state <file>         keep everything in this file between runs
  --help                 this text

Prints what to export to lead clients here, then one line for each request.
`;

const SPEEDS: readonly Speed[] = ["real", "fast", "instant"];
const DEFAULT_PORT = 8787;

/** Printed lines that wait for the end of what is being done. */
let unwritten = "";

/** The `runpod-emulator` command. */
export async function main(argv: string[]): Promise<void> {
  // Keeps the young generation small: growing, it takes more memory than ten thousand pods.
  setFlagsFromString("--semi-space-growth-factor=1");
  try {
    hideSecretsOf(process.env);
    const options = readOptions(argv);
    if (options === "help") {
      print(trusted(USAGE.trimEnd()));
      return;
    }
    const emulator = await startEmulator({ ...options, log: print, replaceGlobals: true });
    closeOnSignals(() => emulator.close());
    for (const [name, value] of Object.entries(emulator.env)) {
      // Whoever starts it has chosen the key, and needs it here.
      print(trusted(`export ${name}=${quote(value)}`));
    }
    print(safe`# seed ${emulator.seed}; stop with Ctrl-C`);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : error;
  process.stderr.write(multiline(safe`runpod-emulator: ${reason}`, safe``));
  process.exitCode = 1;
}

function readOptions(argv: string[]): EmulatorOptions | "help" {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: "string" },
      "api-key": { type: "string", multiple: true },
      seed: { type: "string" },
      "rate-limit": { type: "string" },
      speed: { type: "string" },
      state: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    return "help";
  }
  const { seed, speed, state } = values;
  const rateLimit = values["rate-limit"];
  const apiKeys = values["api-key"];
  return {
    port: wholeNumber("--port", values.port ?? String(DEFAULT_PORT)),
    ...(apiKeys && { apiKeys }),
    ...(seed !== undefined && { seed: wholeNumber("--seed", seed) }),
    ...(rateLimit !== undefined && { rateLimit: parseRateLimit(rateLimit) }),
    ...(speed !== undefined && { speed: readSpeed(speed) }),
    ...(state !== undefined && { stateFile: state }),
  };
}

/** Only what a shell would touch needs quotes. */
function quote(value: string): string {
  return /^[\w.:/{}@+-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new Error(`${flag} "${text}" is not a whole number`);
  }
  return Number(text);
}

function readSpeed(text: string): Speed {
  const speed = SPEEDS.find((one) => one === text);
  if (!speed) {
    throw new Error(`--speed "${text}" is not one of ${SPEEDS.join(", ")}`);
  }
  return speed;
}

function closeOnSignals(close: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void close().catch(fail));
  }
}

/** Together, what is said in one go: writing each line by itself takes longer than many a request. */
function print(line: Safe): void {
  if (unwritten === "") {
    setImmediate(() => {
      process.stdout.write(unwritten);
      unwritten = "";
    });
  }
  unwritten += `${line}\n`;
}
