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
const BIN = path.join(ROOT, "provider/bin/runpod-stack.js");

/** The result of an operation on a stack. */
export interface Run extends Outcome {
  /** The steps that it made or would make, in order, as "update Pod llm", without unchanged resources. */
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
    if (error instanceof OperationFailed) {
      return error.run;
    }
    throw error;
  }
  throw new Error("the operation succeeded");
}

/** A stack with its own backend, driven through the CLI. Operations that fail throw. */
export interface TestStack {
  readonly name: string;
  /** Where its backend, its settings and its program are. */
  readonly scratch: string;
  /** The environment of program and plugin, for whatever is run next. */
  readonly env: Record<string, string>;
  /** Gives it another program: the body of a module that has `pulumi` and the provider's classes. */
  write(program: string): void;
  /** Sets its configuration. @param secret values to encrypt */
  configure(values: Record<string, string>, secret?: Record<string, string>): Promise<void>;
  up(...args: string[]): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  refresh(...args: string[]): Promise<Run>;
  destroy(...args: string[]): Promise<Run>;
  /** A `pulumi up` that is not waited for. */
  startUp(...args: string[]): Running;
  /** Processes of operations that are still running, such as plugins. */
  processes(): readonly Started[];
  /** Starts `pulumi up` and kills it at a given moment: only the CLI, or also its plugins. */
  killUp(moment: () => Promise<void>, victims: "alone" | "all"): Promise<void>;
  /** Removes the lock of a killed run. */
  cancel(): Promise<void>;
  /** Any command of Pulumi that takes `--stack`, in the program's folder. */
  run(...args: string[]): Promise<Outcome>;
  /** `pulumi state move` of resources, by kind and name, to a stack of the same backend. */
  move(to: TestStack, ...names: string[]): Promise<Outcome>;
  /** `pulumi stack rename` */
  rename(name: string): Promise<void>;
  /** `runpod-stack recover` */
  recover(...args: string[]): Promise<Outcome>;
  // biome-ignore lint/suspicious/noExplicitAny: every program has other outputs
  outputs(): Promise<Record<string, any>>;
  /** The state as `pulumi stack export` prints it. */
  exportState(): Promise<string>;
  /** The provider's resources in the state. */
  resources(): readonly Stored[];
  /** Their ids by kind and name, as that of "Pod llm". */
  held(): Promise<Map<string, string>>;
  /** The URN of a resource in the state, as "Pod llm". */
  urn(name: string): Promise<string>;
  /** Everything that Pulumi has written, by file name. */
  files(): Map<string, string>;
  close(): Promise<void>;
}

/** A resource as a state has it. */
export interface Stored {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly retainOnDelete?: boolean;
}

export interface StackOptions {
  /** The program's text; see `write`. */
  readonly program?: string;
  /** A folder of the repository whose program is used where it is. */
  readonly folder?: string;
  /** The environment to begin with. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default "test" */
  readonly name?: string;
  /** Another stack whose project and backend it shares; to be closed before that one. */
  readonly beside?: TestStack;
}

/** Makes a stack, empty as yet. */
export async function createStack(options: StackOptions): Promise<TestStack> {
  const { beside } = options;
  let { name = "test" } = options;
  const scratch = beside?.scratch ?? mkdtempSync(path.join(tmpdir(), "runpod-stack-e2e-"));
  const [backend, home, settings] = ["backend", "home", "settings"].map((part) => {
    const folder = path.join(scratch, part);
    mkdirSync(folder, { recursive: true });
    return folder;
  }) as [string, string, string];
  const folder =
    options.folder === undefined
      ? newProgram(path.join(scratch, `program-${name}`))
      : path.join(ROOT, options.folder);
  const env = { ...options.env };
  const cli = await createCli({
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Without it there is no --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    // The compiler's cache would hide type errors in a program.
    TS_NODE_CACHE: "false",
  });
  const configFile = () => ["--config-file", path.join(settings, `Pulumi.${name}.yaml`)];
  const command = (cwd: string, ...args: string[]) => ({
    cwd,
    args: [...args, "--stack", name, "--non-interactive"],
    env,
  });
  const pulumi = (cwd: string, ...args: string[]) => cli.run(command(cwd, ...args));
  const ok = async (outcome: Promise<Outcome>) => {
    const { code, stdout, stderr } = await outcome;
    if (code !== 0) {
      throw new Error(stdout + stderr);
    }
    return stdout;
  };
  const operate = async (command: string, ...args: string[]): Promise<Run> => {
    const log = path.join(scratch, `events-${name}.json`);
    rmSync(log, { force: true });
    const outcome = await pulumi(
      folder,
      command,
      ...[...configFile(), "--event-log", log],
      ...args,
    );
    // A command that is refused before it begins has logged nothing.
    const events = existsSync(log) ? readFileSync(log, "utf8") : "";
    const run = { ...outcome, events, steps: stepsOf(events) };
    if (run.code !== 0) {
      throw new OperationFailed(command, run);
    }
    return run;
  };
  const now = ["--yes", "--skip-preview", "--suppress-progress"];
  const write = (program: string) => {
    if (options.folder !== undefined) {
      throw new Error(`${options.folder} has a program of its own`);
    }
    writeFileSync(path.join(folder, "index.js"), `${IMPORTS}\n${program}\n`);
  };
  if (options.program !== undefined) {
    write(options.program);
  }
  const exportState = () => ok(pulumi(folder, "stack", "export"));
  // From the backend's file, which takes no process.
  const resources = (): Stored[] => {
    const stacks = path.join(backend, ".pulumi/stacks");
    const [project = ""] = readdirSync(stacks);
    const file = readFileSync(path.join(stacks, project, `${name}.json`), "utf8");
    const all: Stored[] = JSON.parse(file).checkpoint.latest?.resources ?? [];
    return all.filter(({ type }) => type.includes("runpod:"));
  };
  const urn = async (resource: string) => {
    const found = resources().find((stored) => nameOf(stored) === resource);
    if (found === undefined) {
      throw new Error(`stack ${name} has no ${resource}`);
    }
    return found.urn;
  };

  // The stack's settings are written next to the project file: here, and not into the program's
  // folder.
  const project = readFileSync(path.join(folder, "Pulumi.yaml"), "utf8");
  writeFileSync(path.join(settings, "Pulumi.yaml"), project);
  const init = () => ok(pulumi(settings, "stack", "init"));
  // Two stacks of one backend have different salts.
  await (beside === undefined ? initOnce(`${name} of ${project}`, scratch, init) : init());
  return {
    get name() {
      return name;
    },
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
    startUp: (...args) => cli.start(command(folder, "up", ...configFile(), ...now, ...args)),
    processes: () => cli.processes(),
    killUp: (moment, victims) =>
      cli.kill(command(folder, "up", ...configFile(), ...now), moment, victims),
    cancel: async () => {
      await ok(pulumi(folder, "cancel", "--yes"));
    },
    run: (command, ...args) =>
      pulumi(folder, String(command), ...(command === "import" ? configFile() : []), ...args),
    move: async (to, ...names) =>
      cli.run({
        // Here are the settings of both.
        cwd: settings,
        args: [
          ...["state", "move", "--yes", "--non-interactive", "--source", name, "--dest", to.name],
          ...(await Promise.all(names.map(urn))),
        ],
        env,
      }),
    rename: async (to) => {
      await ok(pulumi(settings, "stack", "rename", to));
      name = to;
    },
    recover: (...args) =>
      cli.run({
        cwd: folder,
        program: process.execPath,
        args: [BIN, "recover", "--stack", name, ...args],
        env: { ...env, RUNPOD_STACK_PULUMI: cli.pulumi, COLUMNS: "1000" },
      }),
    outputs: async () =>
      JSON.parse(await ok(pulumi(folder, "stack", "output", "--json", "--show-secrets"))),
    exportState,
    resources,
    held: async () => new Map(resources().map((stored) => [nameOf(stored), stored.id ?? ""])),
    urn,
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
const runpod = require("@runpod-stack/provider");
const { EndpointReady, Pod, PodEndpoint, Provider, RegistryAuth, Secret, ServerlessEndpoint, Template, Volume } = runpod;`;

/** What `stack init` has written, by kind of stack: paths in the scratch folder, and contents. */
const initialized = new Map<string, readonly (readonly [file: string, content: string])[]>();

/** Initializes a stack, or copies what that wrote for an earlier one: the command takes half a second. */
async function initOnce(kind: string, scratch: string, init: () => Promise<unknown>) {
  const written = initialized.get(kind);
  if (written === undefined) {
    await init();
    const files = ["backend", "settings"].flatMap((part) => filesIn(path.join(scratch, part)));
    const relative = files.map(([file, text]) => [path.relative(scratch, file), text] as const);
    initialized.set(kind, relative);
    return;
  }
  for (const [file, text] of written) {
    mkdirSync(path.dirname(path.join(scratch, file)), { recursive: true });
    writeFileSync(path.join(scratch, file), text);
  }
}

/** A folder in which a program finds this repository's packages as if they were installed there. */
function newProgram(folder: string): string {
  mkdirSync(folder);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{"private":true}');
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
  writeFileSync(path.join(folder, "Pulumi.yaml"), `name: e2e\n${runtime}\n`);
  return folder;
}

/** As "Pod llm". */
export function nameOf({ type, urn }: Pick<Stored, "type" | "urn">): string {
  return `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;
}

function stepsOf(events: string): string[] {
  const ignored = ["same", "refresh", "read"];
  return events
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).resourcePreEvent?.metadata)
    .filter((step) => step && !ignored.includes(step.op) && !step.type.startsWith("pulumi:"))
    .map(({ op, ...resource }) => `${op} ${nameOf(resource)}`);
}

function filesIn(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, "utf8")]);
}
