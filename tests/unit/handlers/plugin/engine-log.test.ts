import * as grpc from "@grpc/grpc-js";
import { safe } from "@runpod-stack/kit";
import { engineProgress } from "../../../../provider/src/handlers/plugin/engine-log";

// Pulumi ships its gRPC stubs without types.
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

interface Shown {
  readonly urn: string;
  readonly message: string;
  readonly ephemeral: boolean;
  readonly severity: number;
}

/** An engine that records what it should show. */
async function startEngine(): Promise<{ address: string; shown: Shown[]; close(): void }> {
  const shown: Shown[] = [];
  const server = new grpc.Server();
  server.addService(EngineService, {
    log(call: { request: { toObject(): Shown } }, done: (error: null, empty: unknown) => void) {
      shown.push(call.request.toObject());
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, shown, close: () => server.forceShutdown() };
}

/** Waits until something has come to be. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const row = { urn: "urn:pulumi:s::p::t::llm", label: "endpoint 'llm'" };

test("lines go to the engine: in the resource's row, and kept if they should be", async () => {
  const engine = await startEngine();
  const said: string[] = [];
  const progress = engineProgress(engine.address, (line) => said.push(line));
  progress(row, safe`5s pod STARTING, 502`);
  await until(() => engine.shown.length === 1);
  progress(row, safe`serving`, true);
  await until(() => engine.shown.length === 2);
  const INFO = 1;
  const common = { urn: row.urn, severity: INFO };
  expect(engine.shown).toMatchObject([
    { ...common, message: "5s pod STARTING, 502", ephemeral: true },
    { ...common, message: "serving", ephemeral: false },
  ]);
  engine.close();
  expect(said).toEqual([]);
});

test("without a URN they go to the stack's row, with the resource's name", async () => {
  const engine = await startEngine();
  engineProgress(engine.address, () => {})({ ...row, urn: undefined }, safe`serving`, true);
  await until(() => engine.shown.length === 1);
  expect(engine.shown[0]).toMatchObject({ urn: "", message: "endpoint 'llm': serving" });
  engine.close();
});

test("without an engine only lines to be kept are printed", () => {
  const said: string[] = [];
  const progress = engineProgress(undefined, (line) => said.push(line));
  progress(row, safe`5s pod STARTING, 502`);
  progress(row, safe`serving`, true);
  expect(said).toEqual(["endpoint 'llm': serving"]);
});

test.each(["127.0.0.1:1", "not an address", ""])(
  "an engine that cannot be reached at '%s' is not a failure",
  async (address) => {
    const said: string[] = [];
    const progress = engineProgress(address, (line) => said.push(line));
    progress(row, safe`serving`, true);
    await until(() => said.length === 1);
    progress(row, safe`5s pod STARTING, 502`);
    progress(row, safe`still serving`, true);
    expect(said).toEqual(["endpoint 'llm': serving", "endpoint 'llm': still serving"]);
  },
);

test("an engine that ends later causes no failure", async () => {
  const engine = await startEngine();
  const said: string[] = [];
  const progress = engineProgress(engine.address, (line) => said.push(line));
  progress(row, safe`waiting`, true);
  await until(() => engine.shown.length === 1);
  engine.close();
  progress(row, safe`serving`, true);
  await until(() => said.length === 1);
  expect(said).toEqual(["endpoint 'llm': serving"]);
});
