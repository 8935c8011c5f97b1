import { judge, settingsOf } from "@runpod-stack/policies";
import { readSource } from "../../../policies/src/input/read";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";

const HOURS = 48;
const BODY = {
  name: "always-on",
  image: "runpod/worker-v1-vllm:v2.25.2",
  type: "QUEUE",
  gpu: { pools: ["ADA_48_PRO"], count: 2 },
  scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
  workers: { min: 2, max: 3, idleTimeout: 5 },
  timeout: 600_000,
  disk: 100,
  env: { MODEL_NAME: "Qwen/Qwen3-0.6B" },
};

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

test("the monthly figure of workers that are always on is what the emulator bills", async () => {
  const { items } = readSource("endpoint.json", JSON.stringify(BODY));
  const [violation] = judge(items, settingsOf()).filter(({ rule }) => rule === "min-workers-cost");
  const [, figure] = /\$([\d.]+) a month with or/.exec(String(violation?.message)) ?? [];

  expect(await emulator.call("POST", "/v2/serverless", BODY)).toMatchObject({ status: 201 });
  await emulator.advance(3_600);
  const [before] = (await emulator.ledger()).endpoints;
  await emulator.advance(HOURS * 3_600);
  const [after] = (await emulator.ledger()).endpoints;
  const billed = ((after?.spent ?? 0) - (before?.spent ?? 0)) * (730 / HOURS);
  expect(Math.abs(billed / Number(figure) - 1)).toBeLessThan(0.01);
});
