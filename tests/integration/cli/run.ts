import { execFile } from "node:child_process";
import path from "node:path";

/** The command as npm links it. */
export const BIN = path.join(__dirname, "../../../provider/bin/runpod-stack.js");

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Node with an environment that holds nothing of RunPod's or Pulumi's but what is given, and
 * with every sentence on one line.
 */
export function node(
  args: readonly string[],
  { input = "", env = {} }: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RUNPOD|PULUMI)_/.test(name));
  const options = { env: { ...Object.fromEntries(inherited), COLUMNS: "1000", ...env } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      // What takes long is announced, which depends on the machine's pace.
      const told = stderr.replaceAll(/^.* …\n/gm, "");
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr: told });
    });
    child.stdin?.end(input);
  });
}
