import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Started } from "./cli";
import type { TestEmulator } from "./emulator";
import type { TestStack } from "./stack";

/** How many times faster than ours the plugin's clock runs under the CLI. */
export const CLI_SPEED = 10;

const PODS = 5;

/** A program of five pods; those of another generation are others. */
export function fivePods(generation: number): string {
  return `
    for (let number = 1; number <= ${PODS}; number++) {
      new Pod("pod${generation}-" + number, { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });
    }`;
}

/** The process to kill. */
export type Victim = "the CLI" | "the plugin" | "both";

/** Resolves once the first pod was requested. */
export async function firstCreate(emulator: TestEmulator): Promise<void> {
  for (;;) {
    const requests = await emulator.requests();
    if (requests.some(({ method }) => method === "POST")) {
      return;
    }
    await delay(20);
  }
}

/** Ends the victim with SIGKILL. */
export function killVictim(stack: TestStack, victim: Victim, killCli: () => void): void {
  const plugins = stack
    .processes()
    .filter(
      ({ command }) => command.includes("dynamic-provider") && !command.startsWith("/bin/sh"),
    );
  if (victim !== "the CLI") {
    for (const { pid } of plugins) {
      killProcess(pid);
    }
  }
  if (victim !== "the plugin") {
    killCli();
  }
}

/** The plugin processes of a stack's operations. */
export function pluginsOf(stack: TestStack): Started[] {
  const isPlugin = ({ command }: Started) => command.includes("cmd/dynamic-provider");
  return stack.processes().filter(isPlugin);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

/** The live and the known pods, after a run was interrupted and the stack recovered. */
export interface Balance {
  readonly live: readonly string[];
  readonly inState: readonly string[];
}

export async function balance(stack: TestStack, emulator: TestEmulator): Promise<Balance> {
  const inState = stack
    .resources()
    .filter(({ type }) => type.endsWith(":Pod"))
    .map(({ id = "" }) => id);
  const live = (await emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null);
  return { live: live.map(({ id }) => id).sort(), inState: inState.sort() };
}

/** The documented recovery: remove the lock, then run `up`. */
export async function recover(stack: TestStack): Promise<void> {
  restoreState(stack);
  // There is no lock if only the plugin was killed.
  await stack.cancel().catch(() => {});
  await stack.up("--refresh");
}

/** As in docs/recovering.md: Pulumi's file backend may leave empty files when it is killed while writing. */
export function restoreState(stack: TestStack): void {
  const files = stack.files();
  for (const [file, text] of files) {
    if (text !== "") {
      continue;
    }
    const copy = files.get(`${file}.bak`);
    if (file.endsWith(".attrs")) {
      rmSync(file);
    } else if (copy !== undefined) {
      writeFileSync(file, copy);
    }
  }
}

/** @throws unless all five pods are live once, and the state knows them */
export async function assertBalanced(stack: TestStack, emulator: TestEmulator): Promise<void> {
  const { live, inState } = await balance(stack, emulator);
  if (live.length === PODS && live.join() === inState.join()) {
    return;
  }
  throw new Error(`live are ${live.join(", ")}; the state knows ${inState.join(", ")}`);
}
