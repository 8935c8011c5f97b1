// Shows the demo's steps: a heading, the command, and the command's output.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { styleText } from "node:util";

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
}

const paint = (style: "bold" | "dim" | "green", text: string) =>
  styleText(style, text, { stream: process.stdout });

/** Prints a numbered heading, so that a reader sees the progress. */
export function createSteps(total: number): (title: string) => void {
  let number = 0;
  return (title) => {
    number += 1;
    console.log(`\n${paint("bold", `[${number}/${total}] ${title}`)}`);
  };
}

/** Prints a command as a user would type it. */
export function showCommand(command: string): void {
  console.log(paint("dim", `$ ${command}`));
}

/** Prints what was verified. */
export function confirm(sentence: string): void {
  console.log(paint("green", `✓ ${sentence}`));
}

/** Fails the demo if a promise does not hold. */
export function expect(holds: boolean, sentence: string): asserts holds {
  if (!holds) {
    throw new Error(`The demo expected that ${sentence}`);
  }
  confirm(sentence);
}

/** Runs a command, and shows and keeps its output. */
export async function run(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd: string; quiet?: boolean },
): Promise<Outcome> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (!options.quiet) {
      process.stdout.write(chunk);
    }
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    if (!options.quiet) {
      process.stderr.write(chunk);
    }
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (options.quiet && code !== 0) {
    process.stderr.write(stdout + stderr);
  }
  return { code: code ?? 1, stdout };
}
