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

/** Runs the command within this process, with every sentence on one line. */
export async function run(
  args: readonly string[],
  { input = "", stdin = Readable.from([input]), shown = false, env = {} }: Options = {},
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await main(args, {
    stdin,
    stdout: Object.assign(stdout, { isTTY: shown }),
    stderr,
    env: { COLUMNS: "1000", ...env },
  });
  stdout.end();
  stderr.end();
  return { status, stdout: await text(stdout), stderr: await text(stderr) };
}
