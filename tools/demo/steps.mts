// How the demo shows what it does: a heading, the command, and what the command prints.
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

/** Numbered headings, so that a reader knows how far it is. */
export function createSteps(total: number): (title: string) => void {
  let number = 0;
  return (title) => {
    number += 1;
    console.log(`\n${paint("bold", `[${number}/${total}] ${title}`)}`);
  };
}

/** Shows a command as the user would type it. */
export function showCommand(command: string): void {
  console.log(paint("dim", `$ ${command}`));
}

/** Says what was found to hold. */
export function confirm(sentence: string): void {
  console.log(paint("green", `✓ ${sentence}`));
}

/** Fails the demo, which promises only what it has seen. */
export function expect(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(`The demo expected otherwise: ${sentence}`);
  confirm(sentence);
}

/** Runs a command; what it prints is shown, and kept. */
export async function run(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd: string; quiet?: boolean },
): Promise<Outcome> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (!options.quiet) process.stdout.write(chunk);
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    if (!options.quiet) process.stderr.write(chunk);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (options.quiet && code !== 0) process.stderr.write(stdout + stderr);
  return { code: code ?? 1, stdout };
}
