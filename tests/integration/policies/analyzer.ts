import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";

// Pulumi ships its gRPC stubs without types.
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

const PACK = path.join(__dirname, "../../../policies");
const HOST = require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
const LEVELS = ["advisory", "mandatory", "disabled", "remediate"];

type Values = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly kind: "Pod" | "PodEndpoint" | "ServerlessEndpoint" | "Template" | "Volume";
  readonly name: string;
  readonly props: Values;
  /** The URNs on which inputs depend, by the input's name. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
}

export interface Diagnostic {
  readonly policy: string;
  readonly level: string;
  readonly message: string;
  readonly urn: string;
}

/** Pulumi's policy-pack process with this repository's pack, driven as the engine drives it. */
export interface Analyzer {
  info(): Promise<{ name: string; version: string; policies: { name: string; level: string }[] }>;
  /** @param policies level and options of policies by name */
  configure(policies: Record<string, { level: string; options?: Values }>): Promise<void>;
  analyze(resource: Resource): Promise<Diagnostic[]>;
  analyzeStack(resources: readonly Resource[]): Promise<Diagnostic[]>;
  /** The inputs as remediated, by policy. */
  remediate(resource: Resource): Promise<Record<string, Values>>;
  close(): Promise<void>;
}

export const urnOf = ({ kind, name }: Pick<Resource, "kind" | "name">) =>
  `urn:pulumi:test::test::${typeOf(kind)}::${name}`;

export async function startAnalyzer(): Promise<Analyzer> {
  const child = spawn(process.execPath, [HOST, "127.0.0.1:0", PACK], {
    cwd: PACK,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      printed += chunk;
    });
  }
  while (!/^\d+$/m.test(printed)) {
    if (child.exitCode !== null) {
      throw new Error(`the policy pack ended: ${printed}`);
    }
    await once(child.stdout, "data");
  }
  const client = new AnalyzerClient(
    `127.0.0.1:${/^\d+$/m.exec(printed)}`,
    grpc.credentials.createInsecure(),
  );
  // biome-ignore lint/suspicious/noExplicitAny: answers have no types
  const call = (method: string, request: unknown): Promise<any> =>
    new Promise((resolve, reject) => {
      client[method](request, (error: Error | null, answer: unknown) =>
        error ? reject(error) : resolve(answer),
      );
    });
  return {
    async info() {
      const info = await call("getAnalyzerInfo", new Empty());
      const policies = info
        .getPoliciesList()
        .map((policy: { getName(): string; getEnforcementlevel(): number }) => ({
          name: policy.getName(),
          level: LEVELS[policy.getEnforcementlevel()],
        }));
      return { name: info.getName(), version: info.getVersion(), policies };
    },
    async configure(policies) {
      const request = new messages.ConfigureAnalyzerRequest();
      for (const [name, { level, options = {} }] of Object.entries(policies)) {
        const config = new messages.PolicyConfig();
        config.setEnforcementlevel(LEVELS.indexOf(level));
        config.setProperties(Struct.fromJavaScript(options));
        request.getPolicyconfigMap().set(name, config);
      }
      await call("configure", request);
    },
    async analyze(resource) {
      const answer = await call("analyze", described(new messages.AnalyzeRequest(), resource));
      return answer.getDiagnosticsList().map(diagnosticOf);
    },
    async analyzeStack(resources) {
      const request = new messages.AnalyzeStackRequest();
      for (const resource of resources) {
        const message = described(new messages.AnalyzerResource(), resource);
        for (const [input, urns] of Object.entries(resource.dependencies ?? {})) {
          const on = new messages.AnalyzerPropertyDependencies();
          on.setUrnsList(urns);
          message.getPropertydependenciesMap().set(input, on);
        }
        request.addResources(message);
      }
      const answer = await call("analyzeStack", request);
      return answer.getDiagnosticsList().map(diagnosticOf);
    },
    async remediate(resource) {
      const answer = await call("remediate", described(new messages.AnalyzeRequest(), resource));
      return Object.fromEntries(
        answer
          .getRemediationsList()
          .map((one: { getPolicyname(): string; getProperties(): { toJavaScript(): Values } }) => [
            one.getPolicyname(),
            one.getProperties().toJavaScript(),
          ]),
      );
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

function typeOf(kind: Resource["kind"]): string {
  return `pulumi-nodejs:dynamic/runpod:${kind}`;
}

// biome-ignore lint/suspicious/noExplicitAny: messages have no types
function described(message: any, resource: Resource) {
  message.setType(typeOf(resource.kind));
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(Struct.fromJavaScript(resource.props));
  message.setOptions(new messages.AnalyzerResourceOptions());
  return message;
}

function diagnosticOf(diagnostic: {
  getPolicyname(): string;
  getEnforcementlevel(): number;
  getMessage(): string;
  getUrn(): string;
}): Diagnostic {
  return {
    policy: diagnostic.getPolicyname(),
    level: LEVELS[diagnostic.getEnforcementlevel()] ?? "",
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  };
}
