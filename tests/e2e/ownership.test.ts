import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, type TestStack } from "../support/stack";

jest.setTimeout(120_000);

let emulator: TestEmulator;
let stack: TestStack;

beforeEach(async () => {
  emulator = await startTestEmulator();
  stack = await createStack({
    env: emulator.env,
    program: `
      const pod = new Pod("llm", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });
      exports.podId = pod.podId;`,
  });
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

test("destroy names objects with the stack mark that are in no state, keeps them, and succeeds", async () => {
  expect((await stack.up()).steps).toEqual(["create Ownership runpod", "create Pod llm"]);
  const { podId } = await stack.outputs();
  const { env } = (await emulator.call("GET", `/v2/pods/${podId}`)).body;
  const copied = await emulator.call("POST", "/v2/pods", {
    name: "copied",
    image: "ubuntu:24.04",
    gpu: { id: "NVIDIA L4", count: 1 },
    cloud: "SECURE",
    env,
  });
  expect(copied.status).toBe(201);

  expect((await stack.up("--refresh")).steps).toEqual([]);
  const destroyed = await stack.destroy();
  expect(destroyed.steps).toEqual(["delete Pod llm", "delete Ownership runpod"]);
  expect(destroyed.stdout).toContain(`pod ${copied.body.id} 'copied', ${copied.body.cost} $/h`);
  const live = (await emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null);
  expect(live.map(({ id }) => id)).toEqual([copied.body.id]);
});
