import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, failure, type TestStack } from "../support/stack";

jest.setTimeout(180_000);

let emulator: TestEmulator;
let stack: TestStack;

beforeEach(async () => {
  emulator = await startTestEmulator();
  stack = await createStack({ env: emulator.env });
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

const program = (volumeSize: number) => `
  const cache = new Volume("cache", { size: ${volumeSize}, dataCenterId: "EU-RO-1" });
  const pod = new Pod("llm", {
    name: "llm",
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3-0.6B"],
    gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
    containerDiskInGb: 30,
    volumeInGb: 20,
    ports: ["8000/http"],
    env: { LOG_LEVEL: "info" },
  });
  const endpoint = new PodEndpoint("llm", { pod, port: 8000, interval: "250ms" });
  exports.podId = pod.podId;
  exports.url = endpoint.url;
  exports.volumeId = cache.volumeId;`;

test("a change made elsewhere is corrected, and an object deleted elsewhere is recreated", async () => {
  stack.write(program(50));
  await stack.up();
  const { podId, volumeId } = await stack.outputs();
  const token = (await emulator.call("GET", `/v2/pods/${podId}`)).body.env.RUNPOD_STACK_TOKEN;

  await emulator.call("PATCH", `/v2/pods/${podId}`, { name: "mine", env: { LOG_LEVEL: "debug" } });
  await emulator.call("POST", `/v2/pods/${podId}/action`, { action: "stop" });
  const corrected = await stack.up("--refresh");
  expect(corrected.steps).toEqual(["update Pod llm", "update PodEndpoint llm"]);
  const pod = await emulator.call("GET", `/v2/pods/${podId}`);
  expect(pod.body).toMatchObject({
    name: "llm",
    status: "RUNNING",
    env: { LOG_LEVEL: "info", RUNPOD_STACK_TOKEN: token },
  });

  await emulator.call("PATCH", `/v2/network-volumes/${volumeId}`, { size: 80 });
  const refused = await failure(stack.up("--refresh"));
  expect(refused.stdout).toContain(
    "size 50 must be at least 80: the volume was enlarged to 80 GB outside this program, and volumes cannot shrink. Set size to 80.",
  );
  stack.write(program(80));
  await stack.up("--expect-no-changes");

  await emulator.call("DELETE", `/v2/pods/${podId}`);
  const recreated = await stack.up("--refresh");
  expect(recreated.stdout).toMatch(
    /pod 'llm' \(\w+\) was not found\. It was created \d+s ago and may not be listed yet/,
  );
  expect(recreated.steps).toEqual(["create Pod llm", "create PodEndpoint llm"]);
  expect((await stack.outputs())["podId"]).not.toBe(podId);
  expect((await emulator.ledger()).pods).toMatchObject([
    { id: podId, endedAt: expect.anything() },
    { id: (await stack.outputs())["podId"], endedAt: null },
  ]);
  await stack.destroy();
});
