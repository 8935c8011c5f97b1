// Pulumi's policy-pack process with this repository's pack, called as the engine calls it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";

const require = createRequire(import.meta.url);

// Pulumi ships its gRPC stubs without types.
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

const PACK = path.join(import.meta.dirname, "../../policies");
const HOST = require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");

/** A resource as the pack sees it. */
export interface Judged {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

export interface Analyzer {
  /** @returns how long the pack took for each resource and for all together, in milliseconds */
  judge(resources: readonly Judged[]): Promise<{ each: number[]; together: number }>;
  close(): Promise<void>;
}

export async function startAnalyzer(): Promise<Analyzer> {
  const child = spawn(process.execPath, [HOST, "127.0.0.1:0", PACK], {
    cwd: PACK,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
  });
  while (!/^\d+$/m.test(printed)) {
    if (child.exitCode !== null) {
      throw new Error(`The policy pack ended: ${printed}`);
    }
    await once(child.stdout, "data");
  }
  const address = `127.0.0.1:${/^\d+$/m.exec(printed)}`;
  const client = new AnalyzerClient(address, grpc.credentials.createInsecure());
  const call = (method: string, request: unknown) =>
    new Promise<void>((resolve, reject) => {
      client[method](request, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  const clocked = async (work: () => Promise<void>) => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  await call("configure", new messages.ConfigureAnalyzerRequest());
  return {
    async judge(resources) {
      const each: number[] = [];
      const stack = new messages.AnalyzeStackRequest();
      for (const resource of resources) {
        const request = described(new messages.AnalyzeRequest(), resource);
        stack.addResources(described(new messages.AnalyzerResource(), resource));
        const took = await clocked(async () => {
          await call("remediate", request);
          await call("analyze", request);
        });
        each.push(took);
      }
      return { each, together: await clocked(() => call("analyzeStack", stack)) };
    },
    async close() {
      client.close();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) {
        await once(child, "exit");
      }
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: messages have no types
function described(message: any, { type, name, props }: Judged) {
  message.setType(type);
  message.setName(name);
  message.setUrn(`urn:pulumi:bench::bench::${type}::${name}`);
  message.setProperties(Struct.fromJavaScript(props));
  message.setOptions(new messages.AnalyzerResourceOptions());
  return message;
}
