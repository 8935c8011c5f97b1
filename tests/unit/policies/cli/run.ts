import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { main } from "../../../../policies/src/cli/main";

interface Options {
  readonly input?: string;
  /** Standard input in place of a pipe with the input. */
  readonly stdin?: Readable;
  /** A person reads the answer. */
  readonly shown?: boolean;
  readonly env?: Record<string, string>;
}

/** Runs `runpod-policies` within this process, with every sentence on one line. */
export function run(args: readonly string[], options?: Options) {
  return runWith(main, args, options);
}

/** The same of any of our commands. */
export async function runWith(
  command: typeof main,
  args: readonly string[],
  { input = "", stdin = Readable.from([input]), shown = false, env = {} }: Options = {},
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await command(args, {
    stdin,
    stdout: Object.assign(stdout, { isTTY: shown }),
    stderr,
    env: { COLUMNS: "1000", ...env },
  });
  stdout.end();
  stderr.end();
  return { status, stdout: await text(stdout), stderr: await text(stderr) };
}
