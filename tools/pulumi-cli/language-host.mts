/**
 * The language host of a Pulumi CLI that was built from Go modules: the CLI's own is a Go module
 * that the module proxy does not serve. It speaks `pulumirpc.LanguageRuntime` for Node.js programs
 * and policy packs; other calls are answered "unimplemented", which the CLI accepts.
 *
 * The CLI starts it with the engine's address as the last argument, reads the port from the first
 * line of its standard output and shows whatever is printed after that.
 */
import { createRequire, flushCompileCache } from "node:module";
import * as grpc from "@grpc/grpc-js";
import type * as LanguageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as Language from "@pulumi/pulumi/proto/language_pb.js";
import type * as Plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { runProgram, startPolicyPack } from "./run-program.mts";

const require = createRequire(import.meta.url);
const { LanguageRuntimeService } =
  require("@pulumi/pulumi/proto/language_grpc_pb") as typeof LanguageGrpc;
const language = require("@pulumi/pulumi/proto/language_pb") as typeof Language;
const plugin = require("@pulumi/pulumi/proto/plugin_pb") as typeof Plugin;

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

const run: Unary<Language.RunRequest, Language.RunResponse> = (call, reply) => {
  runProgram(call.request, process.argv.at(-1) ?? "").then(
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
  const fail = (code: grpc.status, details: string) => call.emit("error", { code, details });
  const kind = call.request.getKind();
  if (kind !== "analyzer") {
    const remedy = "install the Pulumi CLI: https://www.pulumi.com/docs/install/";
    fail(
      grpc.status.UNIMPLEMENTED,
      `Only policy packs can run here, not a ${kind} plugin; ${remedy}`,
    );
    return;
  }
  try {
    const pack = startPolicyPack(call.request);
    const send = (fill: (response: Language.RunPluginResponse) => void) => {
      const response = new language.RunPluginResponse();
      fill(response);
      call.write(response);
    };
    pack.stdout.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
    pack.stderr.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
    pack.on("error", (error) => fail(grpc.status.UNKNOWN, error.message));
    pack.on("close", (code) => {
      send((response) => response.setExitcode(code ?? 1));
      call.end();
    });
    // The engine ends a policy pack by cancelling the call.
    call.on("cancelled", () => pack.kill());
  } catch (error) {
    fail(grpc.status.UNKNOWN, (error as Error).message);
  }
};

const about: Unary<Language.AboutRequest, Language.AboutResponse> = (_call, reply) => {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  reply(null, response);
};

// Plugins are found when a resource first needs one, so none has to be listed.
const getRequiredPackages: Unary<
  Language.GetRequiredPackagesRequest,
  Language.GetRequiredPackagesResponse
> = (_call, reply) => reply(null, new language.GetRequiredPackagesResponse());

const getProgramDependencies: Unary<
  Language.GetProgramDependenciesRequest,
  Language.GetProgramDependenciesResponse
> = (_call, reply) => reply(null, new language.GetProgramDependenciesResponse());

const getPluginInfo: Unary<unknown, Plugin.PluginInfo> = (_call, reply) =>
  reply(null, new plugin.PluginInfo());

const server = new grpc.Server({
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
});
server.addService(LanguageRuntimeService as unknown as grpc.ServiceDefinition, {
  run,
  runPlugin,
  about,
  getRequiredPackages,
  getProgramDependencies,
  getPluginInfo,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`${port}\n`);
  // The CLI ends this process by a signal, before Node.js would write its compile cache.
  flushCompileCache();
});
// The engine has the other end of standard input. If it closes, the engine is dead.
process.stdin.on("end", () => process.exit()).resume();
