import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, failure, type TestStack } from "../support/stack";

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

test("destroy does not end quietly while a pod of the stack lives that its state does not know", async () => {
  expect((await stack.up()).steps).toEqual(["create Ownership runpod", "create Pod llm"]);
  const { podId } = await stack.outputs();
  const { env } = (await emulator.call("GET", `/v2/pods/${podId}`)).body;
  const lost = await emulator.call("POST", "/v2/pods", {
    name: "lost",
    image: "ubuntu:24.04",
    gpu: { id: "NVIDIA L4", count: 1 },
    cloud: "SECURE",
    env,
  });
  expect(lost.status).toBe(201);

  const refused = await failure(stack.destroy());
  expect(refused.steps).toEqual(["delete Pod llm", "delete Ownership runpod"]);
  expect(refused.stdout).toContain(`pod ${lost.body.id} 'lost', ${lost.body.cost} $/h`);
  expect(refused.stdout).toContain("npx runpod-stack recover --delete");
  expect(await stack.exportState()).toContain("runpod:Ownership");

  const removed = await emulator.call("DELETE", `/v2/pods/${lost.body.id}`);
  expect(removed.status).toBe(204);
  expect((await stack.destroy()).steps).toEqual(["delete Ownership runpod"]);
  expect((await emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null)).toEqual([]);
});

test("a second pod with the token is told by a preview, and ended by the update", async () => {
  await stack.up();
  const { podId } = await stack.outputs();
  const { name, image, cloud, env } = (await emulator.call("GET", `/v2/pods/${podId}`)).body;
  const gpu = { id: "NVIDIA L4", count: 1 };
  const twin = await emulator.call("POST", "/v2/pods", { name, image, cloud, env, gpu });
  expect(twin.status).toBe(201);
  const live = async () =>
    (await emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);

  const preview = await stack.preview("--refresh");
  expect(preview.steps).toEqual(["update Pod llm"]);
  expect(preview.stdout).toContain(`(${twin.body.id}), ${twin.body.cost} $/h`);
  expect(await live()).toHaveLength(2);

  const update = await stack.up("--refresh");
  expect(update.steps).toEqual(["update Pod llm"]);
  expect(await live()).toEqual([podId]);
  expect((await stack.up("--refresh")).steps).toEqual([]);
});
