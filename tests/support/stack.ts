import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCli, type Outcome, type Running, type Started } from "./cli";

const ROOT = path.join(__dirname, "../..");
const STACK = "test";
const BIN = path.join(ROOT, "provider/bin/runpod-stack.js");

/** How an operation on a stack went. */
export interface Run extends Outcome {
  /** What it did or would do: "update Pod llm", in order, without what stays the same. */
  readonly steps: readonly string[];
  /** The engine's events as the CLI logs them: lines of JSON. */
  readonly events: string;
}

/** An operation that ended with an error, and all that it printed. */
class OperationFailed extends Error {
  constructor(
    command: string,
    readonly run: Run,
  ) {
    super(`pulumi ${command} ended with code ${run.code}:\n${run.stdout}${run.stderr}`);
  }
}

/** The run of an operation that is expected to fail. */
export async function failure(operation: Promise<Run>): Promise<Run> {
  try {
    await operation;
  } catch (error) {
    if (error instanceof OperationFailed) return error.run;
    throw error;
  }
  throw new Error("the operation succeeded");
}

/** A stack with a backend of its own, driven through the CLI. Operations that fail throw. */
export interface TestStack {
  /** Where its backend, its settings and its program are. */
  readonly scratch: string;
  /** The environment of program and plugin, for whatever is run next. */
  readonly env: Record<string, string>;
  /** Gives it another program: the body of a module that knows `pulumi` and the provider's classes. */
  write(program: string): void;
  /** Sets its configuration. @param secret values to encrypt */
  configure(values: Record<string, string>, secret?: Record<string, string>): Promise<void>;
  up(...args: string[]): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  refresh(...args: string[]): Promise<Run>;
  destroy(...args: string[]): Promise<Run>;
  /** A `pulumi up` that is not waited for. */
  startUp(...args: string[]): Running;
  /** What operations have started and is still there, such as plugins. */
  processes(): readonly Started[];
  /** Starts `pulumi up` and kills it once a moment has come: the CLI alone, or also its plugins. */
  killUp(moment: () => Promise<void>, victims: "alone" | "all"): Promise<void>;
  /** Takes away the lock that a killed run has left. */
  cancel(): Promise<void>;
  /** Any command of Pulumi that takes `--stack`, in the program's folder. */
  run(...args: string[]): Promise<Outcome>;
  /** `runpod-stack recover` */
  recover(...args: string[]): Promise<Outcome>;
  // biome-ignore lint/suspicious/noExplicitAny: every program has outputs of its own
  outputs(): Promise<Record<string, any>>;
  /** The state as `pulumi stack export` prints it. */
  exportState(): Promise<string>;
  /** Everything that Pulumi has written, by file name. */
  files(): Map<string, string>;
  close(): Promise<void>;
}

export interface StackOptions {
  /** The program's text; see `write`. */
  readonly program?: string;
  /** A folder of the repository whose program is used where it is. */
  readonly folder?: string;
  /** The environment to begin with. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes a stack, empty as yet. */
export async function createStack(options: StackOptions): Promise<TestStack> {
  const scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-e2e-"));
  const [backend, home, settings] = ["backend", "home", "settings"].map((name) => {
    const folder = path.join(scratch, name);
    mkdirSync(folder);
    return folder;
  }) as [string, string, string];
  const folder =
    options.folder === undefined ? newProgram(scratch) : path.join(ROOT, options.folder);
  const env = { ...options.env };
  const cli = await createCli({
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Without it there is no --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    // The compiler's cache would leave type errors in a program unseen.
    TS_NODE_CACHE: "false",
  });
  const configFile = path.join(settings, `Pulumi.${STACK}.yaml`);
  const command = (cwd: string, ...args: string[]) => ({
    cwd,
    args: [...args, "--stack", STACK, "--non-interactive"],
    env,
  });
  const pulumi = (cwd: string, ...args: string[]) => cli.run(command(cwd, ...args));
  const ok = async (outcome: Promise<Outcome>) => {
    const { code, stdout, stderr } = await outcome;
    if (code !== 0) throw new Error(stdout + stderr);
    return stdout;
  };
  const operate = async (command: string, ...args: string[]): Promise<Run> => {
    const log = path.join(scratch, "events.json");
    rmSync(log, { force: true });
    const outcome = await pulumi(
      folder,
      command,
      ...["--config-file", configFile, "--event-log", log],
      ...args,
    );
    // A command that is refused before it begins has logged nothing.
    const events = existsSync(log) ? readFileSync(log, "utf8") : "";
    const run = { ...outcome, events, steps: stepsOf(events) };
    if (run.code !== 0) throw new OperationFailed(command, run);
    return run;
  };
  const now = ["--yes", "--skip-preview", "--suppress-progress"];
  const write = (program: string) => {
    if (options.folder !== undefined) throw new Error(`${options.folder} has a program of its own`);
    writeFileSync(path.join(folder, "index.js"), `${IMPORTS}\n${program}\n`);
  };
  if (options.program !== undefined) write(options.program);

  // The stack's settings are written beside the project file: here, and not into the program's folder.
  writeFileSync(
    path.join(settings, "Pulumi.yaml"),
    readFileSync(path.join(folder, "Pulumi.yaml"), "utf8"),
  );
  await ok(pulumi(settings, "stack", "init"));
  return {
    scratch,
    env,
    write,
    async configure(values, secret = {}) {
      const pairs = (flag: string, of: Record<string, string>) =>
        Object.entries(of).flatMap(([key, value]) => [flag, `${key}=${value}`]);
      await ok(
        pulumi(
          settings,
          ...["config", "set-all", ...pairs("--plaintext", values), ...pairs("--secret", secret)],
        ),
      );
    },
    up: (...args) => operate("up", ...now, ...args),
    preview: (...args) => operate("preview", "--suppress-progress", ...args),
    refresh: (...args) => operate("refresh", ...now, ...args),
    destroy: (...args) => operate("destroy", ...now, ...args),
    startUp: (...args) =>
      cli.start(command(folder, "up", "--config-file", configFile, ...now, ...args)),
    processes: () => cli.processes(),
    killUp: (moment, victims) =>
      cli.kill(command(folder, "up", "--config-file", configFile, ...now), moment, victims),
    cancel: async () => {
      await ok(pulumi(folder, "cancel", "--yes"));
    },
    run: (command, ...args) =>
      pulumi(
        folder,
        String(command),
        ...(command === "import" ? ["--config-file", configFile] : []),
        ...args,
      ),
    recover: (...args) =>
      cli.run({
        cwd: folder,
        program: process.execPath,
        args: [BIN, "recover", "--stack", STACK, ...args],
        env: { ...env, RUNPOD_STACK_PULUMI: cli.pulumi },
      }),
    outputs: async () =>
      JSON.parse(await ok(pulumi(folder, "stack", "output", "--json", "--show-secrets"))),
    exportState: () => ok(pulumi(folder, "stack", "export")),
    files: () => new Map([backend, settings, home].flatMap(filesIn)),
    async close() {
      try {
        await cli.close();
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
}

const IMPORTS = `const pulumi = require("@pulumi/pulumi");
const { Pod, PodEndpoint, Provider, Template, Volume } = require("@runpod-stack/provider");`;

/** A folder in which a program finds this repository's packages as if they were installed there. */
function newProgram(scratch: string): string {
  const folder = path.join(scratch, "program");
  mkdirSync(folder);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{"private":true}');
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
  writeFileSync(path.join(folder, "Pulumi.yaml"), `name: e2e\n${runtime}\n`);
  return folder;
}

function stepsOf(events: string): string[] {
  const ignored = ["same", "refresh", "read"];
  return events
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).resourcePreEvent?.metadata)
    .filter((step) => step && !ignored.includes(step.op) && !step.type.startsWith("pulumi:"))
    .map(({ op, type, urn }) => `${op} ${type.split(":").at(-1)} ${urn.split("::").at(-1)}`);
}

function filesIn(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, "utf8")]);
}
