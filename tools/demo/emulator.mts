// An emulator in a separate process, for the time of the demo.
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

const BIN = path.join(import.meta.dirname, "../../emulator/bin/runpod-emulator.js");

export interface RunningEmulator {
  readonly process: ChildProcess;
  /** The environment variables that point RunPod's clients to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Its origin, without a path. */
  readonly origin: string;
  /** Keeps it running after this process has ended. */
  keep(): void;
}

/** An object that the emulator created, ended or not. */
export interface LedgerEntry {
  readonly id: string;
  readonly name: string;
  readonly endedAt: string | null;
  readonly costPerHr: number;
  readonly spent: number;
}

/** Starts an emulator on a free port, and returns once it accepts connections. It ends with this process. */
export async function startEmulator(folder: string): Promise<RunningEmulator> {
  const logFile = path.join(folder, "emulator.log");
  const log = openSync(logFile, "a");
  const args = [
    BIN,
    "--port",
    "0",
    "--speed",
    "fast",
    "--seed",
    "1",
    "--state",
    path.join(folder, "emulator.json"),
  ];
  // Its output goes to a file, so that it can outlive this process.
  const child = spawn(process.execPath, args, { stdio: ["ignore", log, log], detached: true });
  const end = () => child.kill();
  process.once("exit", end);
  const env = await readVariables(child, logFile);
  const origin = env["RUNPOD_API_BASE_URL"] ?? "";
  const keep = () => {
    process.off("exit", end);
    child.unref();
  };
  return { process: child, env, origin, keep };
}

async function readVariables(
  child: ChildProcess,
  logFile: string,
): Promise<Record<string, string>> {
  for (;;) {
    const text = readFileSync(logFile, "utf8");
    const found = [...text.matchAll(/^export (RUNPOD_[A-Z0-9_]+)='?([^'\n]*)'?$/gm)];
    const env = Object.fromEntries(found.map(([, name, value]) => [name, value]));
    // This is the last variable. Only log lines follow.
    if (env["RUNPOD_LOAD_BALANCER_URL"] !== undefined) {
      return env;
    }
    if (child.exitCode !== null) {
      throw new Error(`The emulator ended before it accepted connections:\n${text}`);
    }
    await setTimeout(100);
  }
}

/** Everything that the emulator created, from its control plane. */
export async function readLedger(
  origin: string,
): Promise<Record<"pods" | "networkVolumes" | "templates", LedgerEntry[]>> {
  const answer = await fetch(`${origin}/_emulator/ledger`);
  return (await answer.json()) as Record<"pods" | "networkVolumes" | "templates", LedgerEntry[]>;
}
