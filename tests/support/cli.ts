import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/** How a command ended, and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the Pulumi CLI, or of another program. */
export interface Command {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @default the Pulumi CLI */
  readonly program?: string;
}

/** A command under way. */
export interface Running {
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Outcome>;
}

/** A process, by what it was started with. */
export interface Started {
  readonly pid: number;
  readonly command: string;
}

/** The real Pulumi CLI, with its own environment. */
export interface Cli {
  /** Where it is. */
  readonly pulumi: string;
  run(command: Command): Promise<Outcome>;
  start(command: Command): Running;
  /** Everything that its commands have started and that has not ended. */
  processes(): readonly Started[];
  /** Starts a command and kills it at a given moment: only the command, or also all that it started. */
  kill(command: Command, moment: () => Promise<void>, victims: "alone" | "all"): Promise<void>;
  /** Ends what still runs. @throws if a process outlived the command that started it */
  close(): Promise<void>;
}

const MAIN = path.join(__dirname, "../../tools/pulumi-cli/main.mts");
/** Is in the environment of everything that a CLI starts, to find processes that remain. */
const MARK = "RUNPOD_STACK_TEST";
const GRACE_MS = 6_000;
const LOOK_EVERY_MS = 100;

/** @param env variables in addition to this process's, from which Pulumi's are removed */
export async function createCli(env: NodeJS.ProcessEnv): Promise<Cli> {
  const pulumi = await resolved();
  const mark = randomUUID();
  const running = new Set<ChildProcess>();
  const base = { ...withoutPulumi(process.env), ...pulumi.env, [MARK]: mark };
  let wasInterrupted = false;
  const start = ({ cwd, args, env: more, program = pulumi.command }: Command) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...base, ...env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const ended = once(child, "close").then(([code]): Outcome => {
      running.delete(child);
      return { code: code ?? -1, stdout, stderr };
    });
    return { child, ended };
  };
  return {
    pulumi: pulumi.command,
    run: (command) => start(command).ended,
    start(command) {
      const { child, ended } = start(command);
      return { kill: (signal) => child.kill(signal), ended };
    },
    processes: () => marked(mark),
    async kill(command, moment, victims) {
      const { child, ended } = start(command);
      const early = ended.then(({ stdout, stderr }) => {
        throw new Error(`it ended before it could be killed:\n${stdout}${stderr}`);
      });
      await Promise.race([moment(), early]);
      early.catch(() => {});
      wasInterrupted = true;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      if (victims === "all") {
        for (const { pid } of marked(mark)) {
          process.kill(pid, "SIGKILL");
        }
      }
      await exited;
    },
    async close() {
      for (const child of running) {
        child.kill("SIGKILL");
      }
      wasInterrupted ||= running.size > 0;
      const left = await stragglers(mark);
      for (const { pid } of left) {
        process.kill(pid, "SIGKILL");
      }
      if (left.length === 0 || wasInterrupted) {
        return;
      }
      throw new Error(
        `outlived the command that started them: ${left.map(({ command }) => command).join("; ")}`,
      );
    },
  };
}

let found: Promise<{ command: string; env: Record<string, string> }> | undefined;

function resolved() {
  found ??= promisify(execFile)(process.execPath, [MAIN, "--quiet", "--ensure", "--json"]).then(
    ({ stdout }) => JSON.parse(stdout),
  );
  return found;
}

function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_")));
}

/** Processes with the mark that do not end by themselves. */
async function stragglers(mark: string): Promise<Started[]> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    const left = marked(mark);
    if (left.length === 0 || performance.now() >= deadline) {
      return left;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Finds processes by their environment, on Linux only. */
function marked(mark: string): Started[] {
  if (process.platform !== "linux") {
    return [];
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && read(name, "environ").includes(`${MARK}=${mark}`))
    .map((pid) => ({ pid: Number(pid), command: read(pid, "cmdline").replaceAll("\0", " ") }));
}

/** Empty for a process that has ended or is someone else's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
