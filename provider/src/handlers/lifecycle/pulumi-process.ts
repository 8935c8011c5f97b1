import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { LARGEST_STATE_BYTES, readState, type StackState } from "./stack-state";

/** A Pulumi CLI and the stack of its run; undefined means the selected stack. */
interface Cli {
  readonly command: string;
  readonly stack: string | undefined;
}

interface ProcessFacts {
  readonly parent: number;
  readonly executable: string;
  readonly args: readonly string[];
}

const run = promisify(execFile);

/** A shell and wrappers of the plugin may be between the CLI and this process. */
const MOST_ANCESTORS = 16;
const PATIENCE_MS = 30_000;
/** A backend of files cannot be read for a moment while the engine writes, which it does often. */
const ATTEMPTS = 6;
const AGAIN_MS = 200;

/**
 * The state of the stack that is being updated, from the CLI that started this process. Includes
 * the operations under way. Undefined if it cannot be read.
 */
export async function readOwnState(
  env: NodeJS.ProcessEnv,
  { parent = process.ppid, patienceMs = PATIENCE_MS } = {},
): Promise<StackState | undefined> {
  const cli = await findCli(env, parent);
  const selected = cli.stack === undefined ? [] : ["--stack", cli.stack];
  const args = ["stack", "export", ...selected, "--non-interactive", "--color", "never"];
  const options = { env, maxBuffer: LARGEST_STATE_BYTES, timeout: patienceMs };
  for (let attempt = 1; ; attempt++) {
    try {
      const { stdout } = await run(cli.command, args, options);
      return readState(JSON.parse(stdout));
    } catch (error) {
      if (attempt === ATTEMPTS || !mayBeBusy(error)) {
        return undefined;
      }
      await delay(AGAIN_MS);
    }
  }
}

/** False for a command that does not exist or that timed out. */
function mayBeBusy(error: unknown): boolean {
  const { code, killed } = Object(error) as { code?: unknown; killed?: boolean };
  return typeof code !== "string" && killed !== true;
}

async function findCli(env: NodeJS.ProcessEnv, parent: number): Promise<Cli> {
  const given = env["RUNPOD_STACK_PULUMI"];
  let pid = parent;
  for (let step = 0; step < MOST_ANCESTORS && pid > 1; step++) {
    const facts = await factsOf(pid);
    if (facts === undefined) {
      break;
    }
    if (/^pulumi(\.exe)?$/.test(path.basename(facts.executable))) {
      return { command: given || facts.executable, stack: stackIn(facts.args) };
    }
    pid = facts.parent;
  }
  return { command: given || "pulumi", stack: undefined };
}

/** The last of `--stack NAME`, `--stack=NAME`, `-s NAME`, `-sNAME` and flags in one, as in `-ys NAME`. */
function stackIn(args: readonly string[]): string | undefined {
  const named = args.flatMap((arg, index) => {
    if (/^(--stack|-[a-zA-Z]*s)$/.test(arg)) {
      return args[index + 1] ?? [];
    }
    return /^(?:--stack=|-s=?)(.+)$/.exec(arg)?.[1] ?? [];
  });
  return named.at(-1);
}

async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  try {
    return process.platform === "linux" ? linuxFacts(pid) : await posixFacts(pid);
  } catch {
    return undefined;
  }
}

function linuxFacts(pid: number): ProcessFacts {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return {
    // The name before it is in parentheses and may contain anything.
    parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]),
    executable: readlinkSync(`/proc/${pid}/exe`),
    args: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"),
  };
}

async function posixFacts(pid: number): Promise<ProcessFacts> {
  const ps = async (column: string) =>
    (await run("ps", ["-o", `${column}=`, "-p", String(pid)])).stdout.trim();
  return {
    parent: Number(await ps("ppid")),
    executable: await ps("comm"),
    args: (await ps("args")).split(" "),
  };
}
