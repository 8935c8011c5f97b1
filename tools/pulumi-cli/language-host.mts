/**
 * The language host of a Pulumi CLI that was built from Go modules: the CLI's own is a Go module
 * that cannot be had from the module proxy. It speaks `pulumirpc.LanguageRuntime` for Node.js
 * programs and policy packs; what this project never asks for answers "unimplemented".
 *
 * The CLI starts it with the engine's address as the last argument, reads the port from the first
 * line of its standard output and shows everything printed after that.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import type * as LanguageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as Language from "@pulumi/pulumi/proto/language_pb.js";
import type * as Plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";

const require = createRequire(import.meta.url);
const { LanguageRuntimeService } =
  require("@pulumi/pulumi/proto/language_grpc_pb") as typeof LanguageGrpc;
const language = require("@pulumi/pulumi/proto/language_pb") as typeof Language;
const plugin = require("@pulumi/pulumi/proto/plugin_pb") as typeof Plugin;
const { Empty: EmptyMessage } = require("google-protobuf/google/protobuf/empty_pb") as {
  Empty: typeof Empty;
};

type Options = Record<string, unknown>;
type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

let engineAddress = process.argv.at(-1) ?? "";

const handshake: Unary<Language.LanguageHandshakeRequest, Language.LanguageHandshakeResponse> = (
  call,
  reply,
) => {
  engineAddress = call.request.getEngineAddress();
  reply(null, new language.LanguageHandshakeResponse());
};

const run: Unary<Language.RunRequest, Language.RunResponse> = (call, reply) => {
  runProgram(call.request).then(
    ({ error, bail }) => {
      const response = new language.RunResponse();
      response.setError(error);
      response.setBail(bail);
      reply(null, response);
    },
    (error: Error) => reply({ code: grpc.status.UNKNOWN, details: error.message }),
  );
};

const runPlugin: grpc.handleServerStreamingCall<
  Language.RunPluginRequest,
  Language.RunPluginResponse
> = (call) => {
  if (call.request.getKind() !== "analyzer") {
    const details = `This language host runs policy packs only, not a plugin of kind "${call.request.getKind()}". Install the Pulumi CLI: https://www.pulumi.com/docs/install/`;
    call.emit("error", { code: grpc.status.UNIMPLEMENTED, details });
    return;
  }
  let pack: ChildProcess;
  try {
    pack = startPolicyPack(call.request);
  } catch (error) {
    call.emit("error", { code: grpc.status.UNKNOWN, details: (error as Error).message });
    return;
  }
  const send = (fill: (response: Language.RunPluginResponse) => void) => {
    const response = new language.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  pack.stdout?.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
  pack.stderr?.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
  pack.on("error", (error) =>
    call.emit("error", { code: grpc.status.UNKNOWN, details: error.message }),
  );
  pack.on("close", (code) => {
    send((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  // The engine ends a policy pack by cancelling the call.
  call.on("cancelled", () => pack.kill());
};

const about: Unary<Language.AboutRequest, Language.AboutResponse> = (_call, reply) => {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  reply(null, response);
};

// Plugins are found when a resource first needs one, so nothing has to be announced beforehand.
const getRequiredPackages: Unary<
  Language.GetRequiredPackagesRequest,
  Language.GetRequiredPackagesResponse
> = (_call, reply) => reply(null, new language.GetRequiredPackagesResponse());

const getRequiredPlugins: Unary<
  Language.GetRequiredPluginsRequest,
  Language.GetRequiredPluginsResponse
> = (_call, reply) => reply(null, new language.GetRequiredPluginsResponse());

const getProgramDependencies: Unary<
  Language.GetProgramDependenciesRequest,
  Language.GetProgramDependenciesResponse
> = (_call, reply) => reply(null, new language.GetProgramDependenciesResponse());

const getPluginInfo: Unary<Empty, Plugin.PluginInfo> = (_call, reply) =>
  reply(null, new plugin.PluginInfo());

const cancel: Unary<Empty, Empty> = (_call, reply) => reply(null, new EmptyMessage());

serve();

function serve(): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(LanguageRuntimeService as unknown as grpc.ServiceDefinition, {
    handshake,
    run,
    runPlugin,
    about,
    getRequiredPackages,
    getRequiredPlugins,
    getProgramDependencies,
    getPluginInfo,
    cancel,
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  // The engine holds the other end of standard input: its end means that the engine is dead.
  process.stdin.on("end", () => process.exit(0)).resume();
}

/** Exit code of `@pulumi/pulumi/cmd/run` after it has told the user what is wrong. */
const ALREADY_REPORTED = 32;

async function runProgram(request: Language.RunRequest): Promise<{ error: string; bail: boolean }> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getPwd();
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as Options;
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
      pulumiModule("run", directory),
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
  if (code === 0) return { error: "", bail: false };
  if (code === ALREADY_REPORTED) return { error: "", bail: true };
  const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
  return { error: `The program in ${directory} ${how}.`, bail: false };
}

function startPolicyPack(request: Language.RunPluginRequest): ChildProcess {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const env = request.getEnvList().map((entry) => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return spawn(
    process.execPath,
    [pulumiModule("run-policy-pack", directory), ...request.getArgsList(), directory],
    {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...Object.fromEntries(env) },
    },
  );
}

/** The SDK's runner, as the program or pack itself would import it. */
function pulumiModule(runner: "run" | "run-policy-pack", directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${runner}`);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for ${directory}: run "npm install" there.`);
  }
}

/** `runtime.options.typescript` of Pulumi.yaml, on unless it says false. */
function usesTypeScript(options: Options): boolean {
  return String(options["typescript"] ?? true) !== "false";
}

/** `runtime.options.nodeargs` of Pulumi.yaml, a string of arguments separated by spaces. */
function nodeArguments(options: Options): string[] {
  return String(options["nodeargs"] ?? "")
    .split(" ")
    .filter(Boolean);
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}
