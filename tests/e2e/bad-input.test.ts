import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, failure, type TestStack } from "../support/stack";

jest.setTimeout(60_000);

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

test("a preview reports every mistake in the inputs, and sends nothing", async () => {
  stack.write(`
    const cache = new Volume("cache", { size: 50, dataCenterId: "EU-RO-1" });
    new Pod("llm", {
      image: "vllm/vllm-openai:v0.20.0",
      cloudType: "ALL",
      gpuTypeIds: ["NVIDIA L40S"],
      networkVolumeId: cache.volumeId,
      volumeInGb: 20,
      ports: ["8000"],
      env: { RUNPOD_POD_ID: "mine", TOKEN: "canary-in-the-env" },
    });`);

  const preview = await failure(stack.preview());
  const told = preview.stdout + preview.stderr;
  for (const text of [
    "imageName is required. Set it, or use a template.",
    "image is not an input of this resource. Did you mean imageName?",
    'cloudType "ALL" must be one of SECURE, COMMUNITY. REST v1\'s ALL no longer exists: choose one.',
    "volumeInGb 20 cannot be combined with networkVolumeId: a pod has only one mount. Remove volumeInGb to use the network volume.",
    'ports[0] "8000" must be <port>/http or <port>/tcp, such as "8000/http" or "22/tcp".',
    "env.RUNPOD_POD_ID is reserved: RunPod or this provider sets it in every pod. Choose another name.",
  ]) {
    expect(told).toContain(text);
  }
  expect(told).not.toContain("canary-in-the-env");
  expect(told).not.toMatch(/\n\s+at .+:\d+:\d+/);
  expect(await emulator.requests()).toEqual([]);
});
