import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  timeout?: number;
  /** Called with each line of standard error. */
  onLine?: (line: string) => void;
}

/**
 * Runs a command to its end and returns its standard output.
 * Rejects with its last lines if it cannot be started or does not end with 0.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  { onLine, ...options }: ChildOptions = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const lastLines: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  createInterface(child.stderr).on("line", (line) => {
    lastLines.push(line);
    if (lastLines.length > 5) {
      lastLines.shift();
    }
    onLine?.(line);
  });
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>(
    (resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal }));
    },
  );
  if (code === 0) {
    return output;
  }
  const end = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  throw new Error(`"${[command, ...args].join(" ")}" ${end}: ${lastLines.join("\n")}`);
}

/** Whether a process with this id is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process cannot be signaled, but it is running.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
