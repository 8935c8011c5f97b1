import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { foreignLines, join, multiline, redact, safe, visible } from "@runpod-stack/kit";
import { type Terminal, UnusableInput } from "@runpod-stack/kit/command";
import { LARGEST_STATE_BYTES } from "../handlers/lifecycle/stack-state";

/** Who holds a stack's lock, as far as its backend shows that. */
export interface Lock {
  /** Such as "root@runner". */
  readonly holder?: string;
  readonly pid?: number;
  /** RFC 3339. */
  readonly since?: string;
}

export interface StackOptions {
  /** @default the one that is selected */
  readonly stack?: string;
  /** The program's folder. @default the working directory */
  readonly cwd?: string;
}

/** A stack, through the Pulumi CLI. All methods throw UnusableInput with the CLI's message. */
export interface Stack {
  readonly name: string;
  /** The state as `pulumi stack export` prints it. @param secrets whether to decrypt its secrets */
  exportState(secrets: boolean): Promise<unknown>;
  /** A value of the configuration, decrypted if necessary; undefined if there is none. */
  config(key: string): Promise<string | undefined>;
  lock(): Promise<Lock | undefined>;
  /** Removes the lock, whoever holds it. */
  cancel(): Promise<void>;
  /** Removes all pending creates from the state, and changes nothing else in it. */
  clearPendingCreates(): Promise<void>;
}

const SHOWN_BYTES = 2_048;

/** What a CLI that was killed while writing leaves in a file backend, and how to repair it. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /unexpected end of JSON input/,
    "The stack's state is truncated: Pulumi was killed while writing it. In the backend, under .pulumi/stacks/<project>, copy <stack>.json.bak over <stack>.json, and run this command again.",
  ],
  [
    /\bEOF\b/,
    "The backend contains an empty file: Pulumi was killed before writing it. In the backend, delete the empty files under .pulumi that end in .attrs (`find .pulumi -name '*.attrs' -empty -delete`), which hold no data. Then run this command again.",
  ],
];

/** @throws UnusableInput if there is no Pulumi CLI, no project or no such stack */
export async function openStack(
  terminal: Pick<Terminal, "env">,
  { stack, cwd = "." }: StackOptions,
): Promise<Stack> {
  const folder = path.resolve(cwd);
  if (!existsSync(folder)) {
    throw new UnusableInput(safe`--cwd ${folder} does not exist. Set it to the program's folder.`);
  }
  const attempt = (...args: string[]) => run(terminal, folder, args);
  const ask = async (...args: string[]) => {
    const ended = await attempt(...args);
    if (ended.status !== 0) {
      throw failure(args, ended);
    }
    return ended.stdout;
  };
  const askJson = async <T>(...args: string[]): Promise<T> => {
    const text = await ask(...args);
    try {
      return JSON.parse(text) as T;
    } catch {
      // The output itself may contain secrets.
      throw new UnusableInput(
        safe`\`pulumi ${args.join(" ")}\` printed something other than JSON.`,
      );
    }
  };
  const selected = stack === undefined ? [] : ["--stack", stack];
  const name = (await ask("stack", "--show-name", ...selected)).trim();
  const of = ["--stack", stack ?? name];
  return {
    name,
    async exportState(secrets) {
      const more = secrets ? ["--show-secrets"] : [];
      return askJson("stack", "export", ...more, ...of);
    },
    async config(key) {
      const all = await askJson<Record<string, Config>>("config", "--json", ...of);
      const found = all[key];
      if (found?.secret !== true) {
        return found?.value;
      }
      return (await ask("config", "get", key, ...of)).trim();
    },
    async lock() {
      const stacks = await askJson<Listed[]>("stack", "ls", "--json");
      const listed = stacks.find((one) => plainName(one.name) === plainName(name));
      // Only Pulumi Cloud lists locks. Other backends report one only to a command that needs it.
      if (listed?.updateInProgress !== undefined) {
        return listed.updateInProgress ? {} : undefined;
      }
      // A rename to the current name always fails, and a lock is its first reason.
      const { stderr } = await attempt("stack", "rename", stack ?? name, ...of);
      return lockIn(stderr);
    },
    async cancel() {
      await ask("cancel", "--yes", ...of);
    },
    async clearPendingCreates() {
      const nothingElse = ["--exclude", "**", "--skip-preview", "--yes"];
      await ask("refresh", "--clear-pending-creates", ...nothingElse, ...of);
    },
  };
}

/** Whether the process that holds a lock is running on this machine. */
export function isHeldHere({ holder, pid }: Lock): boolean {
  if (pid === undefined || holder?.split("@").at(-1) !== hostname()) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface Config {
  readonly value?: string;
  readonly secret: boolean;
}

interface Listed {
  readonly name: string;
  readonly updateInProgress?: boolean;
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run({ env }: Pick<Terminal, "env">, cwd: string, args: readonly string[]): Promise<Ended> {
  const command = env["RUNPOD_STACK_PULUMI"] || "pulumi";
  const options = { cwd, env: { ...env }, maxBuffer: LARGEST_STATE_BYTES };
  const plain = ["--non-interactive", "--color", "never"];
  return new Promise((resolve, reject) => {
    execFile(command, [...args, ...plain], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ status: 0, stdout, stderr });
      } else if (typeof error.code === "number") {
        resolve({ status: error.code, stdout, stderr });
      } else {
        reject(notStarted(command, error));
      }
    });
  });
}

function notStarted(command: string, { message }: Error): UnusableInput {
  return new UnusableInput(
    safe`The Pulumi CLI could not be run as \`${command}\` (${message}). Install it (https://www.pulumi.com/docs/install/), put it on PATH, or set RUNPOD_STACK_PULUMI to its path.`,
  );
}

function failure(args: readonly string[], { status, stderr }: Ended): UnusableInput {
  const output = foreignLines(redact(visible(stderr)).trim().slice(-SHOWN_BYTES));
  const remedy =
    REMEDIES.find(([sign]) => sign.test(stderr))?.[1] ??
    "Run this command in the program's folder, or set --cwd to it. Select the stack with --stack.";
  return new UnusableInput(
    multiline(
      join([safe`\`pulumi ${args.join(" ")}\` failed (status ${status}): `, output]),
      safe`${remedy}`,
    ),
  );
}

function lockIn(text: string): Lock | undefined {
  if (!text.includes("currently locked")) {
    return undefined;
  }
  const [, holder, pid, since] =
    /created by (.{1,200}) \(pid (\d{1,9})\) at (\S{1,64})/.exec(text) ?? [];
  if (holder === undefined || since === undefined) {
    return {};
  }
  return { holder, pid: Number(pid), since };
}

/** "dev" of "organization/project/dev". */
function plainName(name: string): string | undefined {
  return name.split("/").at(-1);
}
