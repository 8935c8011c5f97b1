// An emulator in a process of its own: no rate limit, every container ready at once.
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
}

export interface BenchEmulator {
  /** The variables that lead RunPod's clients to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly origin: string;
  /** The API calls since the last time, probes of services not among them. */
  takeCalls(): Promise<Call[]>;
  /** As it was after the start: empty, and with GPUs and credit without end. */
  reset(): Promise<void>;
  /** Megabytes that it holds in memory. */
  memoryMb(): number;
  close(): Promise<void>;
}

export async function startEmulator(): Promise<BenchEmulator> {
  const args = [BIN, "--port", "0", "--speed", "instant", "--rate-limit", "off", "--seed", "1"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^export (RUNPOD_\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    // The last of the variables: from here on there is only its log.
    if (name === "RUNPOD_PROXY_URL") break;
  }
  child.stdout.resume();
  const origin = env["RUNPOD_API_BASE_URL"];
  if (origin === undefined) throw new Error("The emulator ended before it accepted connections.");

  const control = async (method: string, route: string, body?: unknown) => {
    const answer = await fetch(`${origin}/_emulator/${route}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} /_emulator/${route}: ${await answer.text()}`);
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
    async takeCalls() {
      const { requests } = (await (await control("GET", "requests")).json()) as {
        requests: Call[];
      };
      await control("DELETE", "requests");
      return requests.filter(({ path }) => !path.startsWith("/proxy/"));
    },
    reset,
    memoryMb: () => residentMb(child.pid),
    async close() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

/** What the operating system counts as the process's own, in megabytes. Linux only. */
function residentMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
