import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

/** What one text took to read. */
export interface Taken {
  readonly shape: string;
  readonly size: number;
  /** An exit status, or the stack of a crash. */
  readonly outcome: number | string;
  /** Of the process, whatever else the machine does. */
  readonly cpuMs: number;
  /** The most that the process had so far. */
  readonly rssMb: number;
}

/** With so little of a heap, Node.js itself and what is read do with less than 300 MB. */
const SMALL = ["--max-old-space-size=140", "--max-semi-space-size=4"];
/** What is made up takes memory, too. */
const FOR_FUZZING = ["--max-old-space-size=300"];

/** Has a surface read all that is hard for it, in a process of its own with a small memory. */
export async function measured(surface: string, ...sizes: readonly number[]): Promise<Taken[]> {
  const lines = await output([...SMALL, script("measure.mts"), surface, ...sizes.map(String)]);
  return lines.map((line) => JSON.parse(line) as Taken);
}

/** Has all surfaces read what is made up from a seed; says how that went. */
export async function fuzzed(seed: number, runs: number): Promise<string> {
  const args = [...FOR_FUZZING, script("fuzz.mts"), "--seed", `${seed}`, "--runs", `${runs}`];
  return (await output(args)).join("\n");
}

function script(name: string): string {
  return path.join(import.meta.dirname, name);
}

/** What Node.js prints. Fails if the process does, as for want of memory. */
async function output(args: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  if (status !== 0) throw new Error(`${args.join(" ")}: ${status}\n${stdout}${stderr}`);
  return stdout.trim().split("\n");
}
