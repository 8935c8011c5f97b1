// A Pulumi stack of one of the bench's programs, with the real CLI and a backend in a temporary
// folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ResolvedPulumi } from "../../tools/pulumi-cli/resolve.mts";

const BENCH = path.join(import.meta.dirname, "..");

export type Operation = "preview" | "up" | "refresh" | "destroy";

/** A resource in an exported state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Stack {
  /** @returns how long it took, in milliseconds */
  run(operation: Operation): Promise<number>;
  /** @returns whether it succeeded, within a number of milliseconds if one is given */
  attempt(operation: Operation, limitMs?: number): Promise<boolean>;
  state(): Promise<readonly StateResource[]>;
  /** Deletes the stack's files on this machine, but not what it created in the emulator. */
  remove(): void;
}

export interface Program {
  readonly name: "pods" | "nothing" | "naive";
  readonly count: number;
  /** The kinds to create, each `count` times. @default pods only */
  readonly kinds?: readonly string[];
}

/** How a run of the CLI ended. */
interface Ended {
  /** Null if it was killed. */
  readonly code: number | null;
  readonly printed: string;
  readonly complaint: string;
}

/** @param env points the program's resources to an emulator */
export async function createStack(
  cli: ResolvedPulumi,
  env: Readonly<Record<string, string>>,
  { name, count, kinds = ["Pod"] }: Program,
): Promise<Stack> {
  const folder = mkdtempSync(path.join(tmpdir(), "runpod-stack-bench-"));
  const program = path.join(folder, name);
  cpSync(path.join(BENCH, "programs", name), program, { recursive: true });
  writeFileSync(path.join(program, "package.json"), "{}");
  symlinkSync(path.join(BENCH, "../node_modules"), path.join(folder, "node_modules"));
  const environment = {
    ...process.env,
    ...cli.env,
    ...env,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    BENCH_COUNT: String(count),
    BENCH_KINDS: kinds.join(","),
  };
  const spawnPulumi = async (args: readonly string[], limitMs?: number): Promise<Ended> => {
    const child = spawn(cli.command, [...args, "--non-interactive"], {
      cwd: program,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(limitMs !== undefined && { timeout: limitMs, killSignal: "SIGKILL" }),
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      complaint += chunk;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, printed, complaint };
  };
  const pulumi = async (...args: readonly string[]): Promise<string> => {
    const { code, printed, complaint } = await spawnPulumi(args);
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")}: ${printed}${complaint}`);
    }
    return printed;
  };
  await pulumi("stack", "init", "bench");
  const quiet = ["--stack", "bench", "--suppress-progress", "--suppress-outputs"];
  const unasked = ["--yes", "--skip-preview"];
  const argsOf = (operation: Operation) => [
    operation,
    ...quiet,
    ...(operation === "preview" ? [] : unasked),
  ];
  return {
    async run(operation) {
      const begun = performance.now();
      await pulumi(...argsOf(operation));
      return performance.now() - begun;
    },
    async attempt(operation, limitMs) {
      const { code } = await spawnPulumi(argsOf(operation), limitMs);
      return code === 0;
    },
    async state() {
      const exported = JSON.parse(await pulumi("stack", "export", "--stack", "bench"));
      return exported.deployment.resources;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
