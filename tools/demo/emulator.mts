// An emulator in a process of its own, for as long as the demo needs it.
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const BIN = path.join(import.meta.dirname, "../../emulator/bin/runpod-emulator.js");

export interface RunningEmulator {
  readonly process: ChildProcess;
  /** The variables that lead every RunPod client to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Its origin, without a path. */
  readonly origin: string;
}

/** An object the emulator ever created, ended or not. */
export interface LedgerEntry {
  readonly id: string;
  readonly name: string;
  readonly endedAt: string | null;
  readonly costPerHr: number;
  readonly spent: number;
}

/** Starts an emulator on a free port, and returns once it accepts connections. */
export async function startEmulator(stateFile: string): Promise<RunningEmulator> {
  const args = [BIN, "--port", "0", "--speed", "fast", "--state", stateFile];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^(?:export )?(RUNPOD_[A-Z0-9_]+)=["']?(.*?)["']?$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    // The last of the variables: from here on there is only its log.
    if (name === "RUNPOD_PROXY_URL") break;
  }
  child.stdout.resume();
  const origin = env["RUNPOD_API_BASE_URL"];
  if (origin === undefined) throw new Error("The emulator ended before it accepted connections.");
  return { process: child, env, origin };
}

/** Everything the emulator ever created, from its control plane. */
export async function readLedger(
  origin: string,
): Promise<Record<"pods" | "networkVolumes" | "templates", LedgerEntry[]>> {
  const answer = await fetch(`${origin}/_emulator/ledger`);
  return (await answer.json()) as Record<"pods" | "networkVolumes" | "templates", LedgerEntry[]>;
}
