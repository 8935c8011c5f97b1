// An emulator in a separate process, with every container ready immediately.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

const BIN = path.join(import.meta.dirname, "../../emulator/bin/runpod-emulator.js");
const PLENTY = 1_000_000;

/** A request that the emulator has answered. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** 0 if the connection was cut instead. */
  readonly status: number;
}

/** A pod that was created, ended or not. */
export interface LedgerPod {
  readonly id: string;
  readonly endedAt: string | null;
  readonly costPerHr: number;
}

export interface BenchEmulator {
  /** The environment variables that point RunPod's clients to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly apiKey: string;
  /** The API calls since the last time, without probes of services. */
  takeCalls(): Promise<Call[]>;
  /** All pods since the start or the last reset. */
  pods(): Promise<LedgerPod[]>;
  /** Injects a fault into creates of pods: all from now on, or the one after a number of others. */
  spoilCreates(fault: string, after?: number): Promise<void>;
  clearFaults(): Promise<void>;
  /** Resets it to the start: empty, with unlimited GPUs and credit. */
  reset(): Promise<void>;
  /** Megabytes of memory that it uses. */
  memoryMb(): number;
  close(): Promise<void>;
}

/** @param options further options of the command, such as `--state` */
export async function startEmulator(...options: string[]): Promise<BenchEmulator> {
  const limits = ["--rate-limit", "off", "--spend-limit", "off"];
  const args = [BIN, "--port", "0", "--speed", "instant", "--seed", "1", ...limits, ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^export (RUNPOD_\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      env[name] = value;
    }
    // This is the last variable. Only log lines follow.
    if (name === "RUNPOD_LOAD_BALANCER_URL") {
      break;
    }
  }
  child.stdout.resume();
  const origin = env["RUNPOD_API_BASE_URL"];
  const apiKey = env["RUNPOD_API_KEY"];
  if (origin === undefined || apiKey === undefined) {
    throw new Error("The emulator ended before it accepted connections.");
  }

  const control = async (method: string, route: string, body?: unknown) => {
    const answer = await fetch(`${origin}/_emulator/${route}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      throw new Error(`${method} /_emulator/${route}: ${await answer.text()}`);
    }
    return answer;
  };
  const reset = async () => {
    await control("POST", "reset");
    await control("POST", "accounts/1", { balance: PLENTY });
    for (const gpuTypeId of ["NVIDIA L4", "NVIDIA L40S"]) {
      await control("POST", "capacity", { gpuTypeId, available: PLENTY });
    }
  };
  await reset();
  return {
    env,
    origin,
    apiKey,
    async takeCalls() {
      const { requests } = (await (await control("GET", "requests")).json()) as {
        requests: Call[];
      };
      await control("DELETE", "requests");
      return requests.filter(({ path }) => !path.startsWith("/proxy/"));
    },
    async pods() {
      const { pods } = (await (await control("GET", "ledger")).json()) as { pods: LedgerPod[] };
      return pods;
    },
    async spoilCreates(fault, after) {
      const match = { method: "POST", path: "^/v2/pods$" };
      await control("POST", "faults", {
        match,
        fault,
        ...(after !== undefined && { after, times: 1 }),
      });
    },
    clearFaults: async () => void (await control("DELETE", "faults")),
    reset,
    memoryMb: () => residentMb(child.pid),
    async close() {
      if (child.exitCode !== null) {
        return;
      }
      child.kill();
      await once(child, "exit");
    },
  };
}

/** Private memory of the process in megabytes. Linux only. */
function residentMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
