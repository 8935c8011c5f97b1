import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { handlerLine, type Kind, typeToken, type Values } from "@runpod-stack/provider/schema";
import { EngineState } from "./engine-state";

// Pulumi ships its gRPC stubs without types.
const messages = require("@pulumi/pulumi/proto/provider_pb");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

const ROOT = path.join(__dirname, "../..");
const HOST = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");

/** The getters of Pulumi's answers that are used here. */
interface Answer {
  getId(): string;
  getInputs(): { toJavaScript(): Values } | undefined;
  getProperties(): { toJavaScript(): Values };
  getFailuresList(): { getProperty(): string; getReason(): string }[];
  getChanges(): number;
  getReplacesList(): string[];
  getDeletebeforereplace(): boolean;
}

/** What an operation that failed halfway leaves for the state. */
export interface Failure extends Error {
  /** gRPC's. */
  readonly code?: number;
  readonly id?: string;
  readonly properties?: Values;
  readonly reasons?: readonly string[];
}

/** Pulumi's dynamic-provider process, driven as the engine drives it, without the engine. */
export interface Plugin {
  /** What it printed: the engine shows it to the user. */
  readonly output: () => string;
  readonly process: ChildProcess;
  /** Where the engine would keep what it knows. */
  readonly state: EngineState;
  /** Eight digits of the current run, for the creation tokens of new resources. */
  run: string;
  /** Begins another run. In reality, each run has its own process. */
  beginRun(): void;
  check(
    kind: Kind,
    olds: Values,
    news: Values,
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
  diff(
    kind: Kind,
    id: string,
    olds: Values,
    news: Values,
  ): Promise<{ changes: number; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(kind: Kind, inputs: Values): Promise<{ id: string; outputs: Values }>;
  read(
    kind: Kind,
    id: string,
    outputs: Values,
  ): Promise<{ id: string; inputs: Values; outputs: Values }>;
  update(kind: Kind, id: string, olds: Values, news: Values): Promise<Values>;
  delete(kind: Kind, id: string, outputs: Values): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the plugin process on the compiled handlers.
 * @param config the stack's configuration, such as "runpod:apiKey"
 * @param env variables to add to an environment without RunPod's
 * @param given the state to work on, which outlives the process. @default a new one
 */
export async function startPlugin(
  config: Values,
  env: Record<string, string> = {},
  given?: EngineState,
): Promise<Plugin> {
  const state = given ?? new EngineState();
  const child = spawn(process.execPath, [HOST, "127.0.0.1:0"], {
    cwd: ROOT,
    env: { ...process.env, ...state.env, ...env, PULUMI_NODEJS_PROJECT: "test" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    printed += chunk;
  });
  while (!printed.includes("\n")) {
    if (child.exitCode !== null) {
      throw new Error(`the plugin ended: ${printed}`);
    }
    await once(child.stdout, "data");
  }
  const port = Number.parseInt(printed, 10);
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = <R>(method: string, request: unknown) =>
    new Promise<R>((resolve, reject) => {
      client[method](request, (error: grpc.ServiceError | null, response: R) =>
        error ? reject(failureOf(error)) : resolve(response),
      );
    });
  const configure = new messages.ConfigureRequest();
  configure.setArgs(Struct.fromJavaScript(config));
  await call("configure", configure);

  const withLine = (kind: Kind, values: Values) =>
    Struct.fromJavaScript({ ...unsealed(values), __provider: handlerLine(kind) });
  const urn = (kind: Kind) => `urn:pulumi:test::test::${typeToken(kind)}::it`;
  const request = (type: string, kind: Kind, fields: Record<string, unknown>) => {
    const message = new messages[type]();
    message.setUrn(urn(kind));
    for (const [name, value] of Object.entries(fields)) {
      message[`set${name}`](value);
    }
    return message;
  };
  const newRun = () => randomBytes(4).toString("hex");
  const plugin: Plugin = {
    output: () => printed,
    process: child,
    state,
    run: newRun(),
    beginRun() {
      plugin.run = newRun();
    },
    async check(kind, olds, news) {
      const fields = { Olds: Struct.fromJavaScript(unsealed(olds)), News: withLine(kind, news) };
      const answer = await call<Answer>("check", request("CheckRequest", kind, fields));
      const failures = answer
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
      return { inputs: answer.getInputs()?.toJavaScript() ?? {}, failures };
    },
    async diff(kind, id, olds, news) {
      const fields = { Id: id, Olds: withLine(kind, olds), News: withLine(kind, news) };
      const answer = await call<Answer>("diff", request("DiffRequest", kind, fields));
      return {
        changes: answer.getChanges(),
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    async create(kind, inputs) {
      const answer = await call<Answer>(
        "create",
        request("CreateRequest", kind, { Properties: withLine(kind, inputs) }),
      );
      return { id: answer.getId(), outputs: answer.getProperties().toJavaScript() };
    },
    async read(kind, id, outputs) {
      const fields = { Id: id, Properties: withLine(kind, outputs) };
      const answer = await call<Answer>("read", request("ReadRequest", kind, fields));
      return {
        id: answer.getId(),
        inputs: answer.getInputs()?.toJavaScript() ?? {},
        outputs: answer.getProperties().toJavaScript(),
      };
    },
    async update(kind, id, olds, news) {
      const fields = { Id: id, Olds: withLine(kind, olds), News: withLine(kind, news) };
      const answer = await call<Answer>("update", request("UpdateRequest", kind, fields));
      return answer.getProperties().toJavaScript();
    },
    async delete(kind, id, outputs) {
      await call(
        "delete",
        request("DeleteRequest", kind, { Id: id, Properties: withLine(kind, outputs) }),
      );
    },
    async close() {
      if (given === undefined) {
        state.close();
      }
      client.close();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await once(child, "exit");
      }
    },
  };
  return plugin;
}

/** Secrets as the engine passes them to a provider that does not accept secrets: in plain text. */
export function unsealed(values: Values): Values {
  const open = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(open);
    }
    if (value === null || typeof value !== "object") {
      return value;
    }
    const record = value as Values;
    if (record["4dabf18193072939515e22adb298388d"] !== undefined) {
      return open(record["value"]);
    }
    return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, open(item)]));
  };
  return open(values) as Values;
}

/** The error with gRPC's details about an object that exists although its operation failed. */
function failureOf(error: grpc.ServiceError): Failure {
  const failure: Error & { id?: string; properties?: Values; reasons?: string[] } = new Error(
    error.details,
  );
  Object.assign(failure, { code: error.code });
  const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (packed === undefined) {
    return failure;
  }
  const { Status } = require("@pulumi/pulumi/proto/status_pb");
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const partial = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  failure.id = partial.getId();
  failure.properties = partial.getProperties().toJavaScript();
  failure.reasons = partial.getReasonsList();
  return failure;
}
