import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";

export interface ProgramResult {
  /** The error for the engine to report, empty if there is none or the program has reported it. */
  error: string;
  /** Whether the engine should stop without its own message. */
  bail: boolean;
}

/**
 * Runs a Pulumi program to its end with the SDK that it would import itself.
 * Rejects if that SDK is not installed.
 */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
): Promise<ProgramResult> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getPwd();
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions;
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const program = spawn(
    process.execPath,
    [
      ...nodeArguments(options),
      sdkRunner("run", directory),
      ...Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() || ".",
      ...request.getArgsList(),
    ],
    {
      cwd: directory,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(usesTypeScript(options)),
      },
    },
  );
  const { code, signal } = await ended(program);
  if (code === 0) {
    return { error: "", bail: false };
  }
  if (code === ALREADY_REPORTED) {
    return { error: "", bail: true };
  }
  const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
  return { error: `The program in ${directory} ${how}.`, bail: false };
}

/**
 * Starts a policy pack in its own folder, with the SDK that is installed for it.
 * Throws if there is none.
 */
export function startPolicyPack(
  request: RunPluginRequest,
): ChildProcessByStdio<null, Readable, Readable> {
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  return spawn(
    process.execPath,
    [sdkRunner("run-policy-pack", directory), ...request.getArgsList(), directory],
    {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...Object.fromEntries(request.getEnvList().map(splitAssignment)) },
    },
  );
}

/** `runtime.options` of Pulumi.yaml. */
interface RuntimeOptions {
  /** Whether the SDK compiles TypeScript. On unless it is false. */
  typescript?: boolean | string;
  /** Arguments for node, separated by spaces. */
  nodeargs?: string;
}

/** Exit code of the SDK's runner after it has reported an error to the user. */
const ALREADY_REPORTED = 32;

function usesTypeScript({ typescript = true }: RuntimeOptions): boolean {
  return String(typescript) !== "false";
}

function nodeArguments({ nodeargs = "" }: RuntimeOptions): string[] {
  return nodeargs.split(" ").filter(Boolean);
}

function sdkRunner(name: "run" | "run-policy-pack", directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for ${directory}: run "npm install" there.`);
  }
}

function splitAssignment(assignment: string): [string, string] {
  const at = assignment.indexOf("=");
  return [assignment.slice(0, at), assignment.slice(at + 1)];
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}
