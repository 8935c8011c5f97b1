import { existsSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { foreign, type Safe, safe, trusted } from "@runpod-stack/kit";
import {
  type Command,
  endings,
  examples,
  InvalidArgumentError,
  Option,
  paragraph,
  type Run,
  report,
  runTool,
  STATUS,
  type Status,
  type Terminal,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";
import type { Speed } from "./core/clock";
import { checkRights, type KeyRights } from "./http/key-rights";
import { parseRateLimit, type RateLimitWindow } from "./http/rate-limit";
import { type Emulator, startEmulator } from "./server";

const { version }: { version: string } = require("../package.json");

const TOOL = {
  name: "runpod-emulator",
  version,
  description: "RunPod on your machine: its API, catalog, containers, proxy URLs and bill.",
};

const HELP = [
  paragraph(
    "Prints the environment variables that clients need, ready to export, and then one line for each request. It listens on this machine only.",
  ),
  examples(
    "runpod-emulator",
    ["40 times as fast, and the same at every start", "runpod-emulator --speed fast --seed 1"],
    ["continue where the last run ended", "runpod-emulator --state emulator.json"],
  ),
  endings({
    0: "it was stopped by Ctrl-C, by SIGTERM or because its output was closed",
    1: "it was stopped, but its state could not be saved",
    2: "it could not start: an option cannot be used, or the port is taken",
  }),
];

const SPEEDS: readonly Speed[] = ["real", "fast", "instant"];

const LAST_PORT = 65_535;

interface Limit {
  readonly windows: RateLimitWindow[] | null;
}

interface SpendLimit {
  readonly perHr: number | null;
}

interface Options {
  readonly port: number;
  readonly apiKey?: string[];
  readonly restrictedKey?: KeyRights;
  readonly seed?: number;
  readonly rateLimit?: Limit;
  readonly spendLimit?: SpendLimit;
  readonly speed: Speed;
  readonly strictHub?: boolean;
  readonly restV1?: true;
  readonly ssh?: true;
  readonly state?: string;
}

/** The `runpod-emulator` command. The promise is fulfilled once it accepts connections. */
export function main(args: readonly string[], terminal: Terminal): Promise<Status> {
  // Keeps the young generation small: it would grow larger than ten thousand pods.
  setFlagsFromString("--semi-space-growth-factor=1");
  return runTool(TOOL, complete, args, terminal);
}

function complete(root: Command, { terminal }: Run): void {
  root
    .option("--port <number>", "port on 127.0.0.1; 0 for any free one", portNumber, 8787)
    .option(
      "--api-key <key>",
      "accepted API key; repeat it for several accounts (default: rpa_emulator)",
      apiKey,
    )
    .option(
      "--restricted-key <key=rights>",
      "further key of the first account, such as rpa_ci=all:read,pods:write; repeat it for several",
      restrictedKey,
    )
    .option(
      "--seed <number>",
      "the same seed gives the same ids, stock and random events (default: a new one)",
      wholeNumber,
    )
    .option(
      "--rate-limit <limit>",
      'requests/seconds, several separated by commas, or "off" (default: 60/60,3000/3600)',
      rateLimit,
    )
    .option(
      "--spend-limit <dollars>",
      'most that running pods may cost per hour, or "off" (default: 80)',
      spendLimit,
    )
    .addOption(
      new Option("--speed <speed>", "how fast time passes; fast is 40 times real time")
        .choices(SPEEDS)
        .default("real"),
    )
    .option(
      "--strict-hub",
      "refuse models that the emulator does not know, as if the hub had no others",
    )
    .option("--rest-v1", "answer REST v1, which RunPod retired in November 2026 (default: 410)")
    .option("--ssh", "run an SSH server on this machine for each pod that exposes 22/tcp")
    .option("--state <file>", "keep everything in this file between runs", fileToBe);
  teach(root, ...HELP).action((options: Options) => emulate(options, terminal));
}

async function emulate(options: Options, terminal: Terminal): Promise<void> {
  const {
    port,
    apiKey,
    restrictedKey,
    seed,
    rateLimit,
    spendLimit,
    speed,
    strictHub,
    restV1,
    ssh,
    state,
  } = options;
  const print = printer(terminal);
  const emulator = await start({
    port,
    speed,
    ...(apiKey && { apiKeys: apiKey }),
    ...(restrictedKey && { restrictedKeys: restrictedKey }),
    ...(seed !== undefined && { seed }),
    ...(rateLimit && { rateLimit: rateLimit.windows }),
    ...(strictHub && { strictHub }),
    ...(spendLimit && { spendLimit: spendLimit.perHr }),
    ...(restV1 && { restV1 }),
    ...(ssh && { ssh }),
    ...(state !== undefined && { stateFile: state }),
    log: print,
    replaceGlobals: true,
  });
  closeInTheEnd(emulator, terminal);
  for (const [name, value] of Object.entries(emulator.env)) {
    // The user chose the key and needs it in the output, so it is not masked.
    print(trusted(`export ${name}=${quote(value)}`));
  }
  print(safe`# seed ${emulator.seed}; stop with Ctrl-C`);
}

/** @throws {UnusableInput} if it cannot start */
async function start(options: Parameters<typeof startEmulator>[0]): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    throw new UnusableInput(foreign((error as Error).message));
  }
}

/** On the usual signals, and when the reader of its log has ended. */
function closeInTheEnd(emulator: Emulator, terminal: Terminal): void {
  const close = () =>
    void emulator.close().catch((error) => {
      report(terminal, safe`The state was not saved: ${error.message}`);
      process.exitCode = STATUS.found;
    });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, close);
  }
  terminal.stdout.once("error", close);
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port <= LAST_PORT) {
    return port;
  }
  throw new InvalidArgumentError(`It must be at most ${LAST_PORT}.`);
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) {
    return Number(text);
  }
  throw new InvalidArgumentError("It must be a whole number.");
}

function apiKey(text: string, others: readonly string[] = []): string[] {
  if (!/^[!-~]+$/.test(text)) {
    throw new InvalidArgumentError("It must have visible ASCII characters only, at least one.");
  }
  return [...others, text];
}

function restrictedKey(text: string, others: KeyRights = {}): KeyRights {
  const [key = "", list = ""] = text.split("=", 2);
  if (key === "" || list === "") {
    throw new InvalidArgumentError("It must be a key and its rights, such as rpa_ci=all:read.");
  }
  const rights = list.split(",");
  try {
    checkRights(rights);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return { ...others, [key]: rights };
}

/** Commander takes a parsed null for an empty string, so "off" needs an object around it. */
function rateLimit(text: string): Limit {
  try {
    return { windows: parseRateLimit(text) };
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** In an object, as the rate limit is. */
function spendLimit(text: string): SpendLimit {
  if (text === "off") {
    return { perHr: null };
  }
  if (/^\d+(\.\d+)?$/.test(text)) {
    return { perHr: Number(text) };
  }
  throw new InvalidArgumentError('It must be dollars per hour, such as 80, or "off".');
}

/** Checked early, because a folder that does not exist is a mistyped option. */
function fileToBe(file: string): string {
  const folder = path.dirname(file);
  if (existsSync(folder)) {
    return file;
  }
  throw new InvalidArgumentError(`The folder ${folder} does not exist.`);
}

/** Quotes only what a shell would change. */
function quote(value: string): string {
  return /^[\w.:/{}@+-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Collects the lines of one turn and prints them together: writing each line takes longer than many requests. */
function printer({ stdout }: Terminal): (line: Safe) => void {
  let unwritten = "";
  return (line) => {
    if (unwritten === "") {
      setImmediate(() => {
        stdout.write(trusted(unwritten));
        unwritten = "";
      });
    }
    unwritten += `${line}\n`;
  };
}
