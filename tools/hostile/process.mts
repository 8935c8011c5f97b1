import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

/** The cost of reading one input. */
export interface Taken {
  readonly shape: string;
  readonly size: number;
  /** An exit status, or the stack of a crash. */
  readonly outcome: number | string;
  /** CPU time of the process. */
  readonly cpuMs: number;
  /** The most memory that the process used so far. */
  readonly rssMb: number;
}

/** With this heap, Node.js and the input fit into less than 300 MB. */
const SMALL = ["--max-old-space-size=140", "--max-semi-space-size=4"];
/** Generating inputs takes memory, too. */
const FOR_FUZZING = ["--max-old-space-size=300"];

/** Has a surface read all its hostile shapes, in a separate process with little memory. */
export async function measured(surface: string, ...sizes: readonly number[]): Promise<Taken[]> {
  const lines = await output([...SMALL, script("measure.mts"), surface, ...sizes.map(String)]);
  return lines.map((line) => JSON.parse(line) as Taken);
}

/** Has all surfaces read the inputs that a seed generates; returns the summary. */
export async function fuzzed(seed: number, runs: number): Promise<string> {
  const args = [...FOR_FUZZING, script("fuzz.mts"), "--seed", `${seed}`, "--runs", `${runs}`];
  return (await output(args)).join("\n");
}

function script(name: string): string {
  return path.join(import.meta.dirname, name);
}

/** The output of Node.js. Fails if the process fails, for example without memory. */
async function output(args: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  if (status !== 0) {
    throw new Error(`${args.join(" ")}: ${status}\n${stdout}${stderr}`);
  }
  return stdout.trim().split("\n");
}
