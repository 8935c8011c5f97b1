import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, failure, type TestStack } from "../support/stack";

jest.setTimeout(120_000);

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

test("a stack is created, unchanged by a second up, previewed exactly, and destroyed", async () => {
  const program = (settings: { name?: string; size?: number }) => `
    const cache = new Volume("cache", { size: ${settings.size ?? 50}, dataCenterId: "EU-RO-1" });
    const pod = new Pod("llm", {
      ${settings.name ? `name: "${settings.name}",` : ""}
      imageName: "vllm/vllm-openai:v0.20.0",
      dockerStartCmd: ["Qwen/Qwen3-0.6B"],
      gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
      containerDiskInGb: 30,
      networkVolumeId: cache.volumeId,
      volumeMountPath: "/root/.cache/huggingface",
      dataCenterIds: [cache.dataCenterId],
      ports: ["8000/http"],
      env: { HF_HUB_ENABLE_HF_TRANSFER: "1" },
    });
    const endpoint = new PodEndpoint("llm", { pod, port: 8000, interval: "250ms", expectModel: "Qwen/Qwen3-0.6B" });
    exports.podId = pod.podId;
    exports.gpuTypeId = pod.gpuTypeId;
    exports.costPerHr = pod.costPerHr;
    exports.gpuCount = pod.gpuCount;
    exports.locked = pod.locked;
    exports.timeout = endpoint.timeout;
    exports.volumeId = cache.volumeId;
    exports.url = endpoint.url;
    exports.openaiBaseUrl = endpoint.openaiBaseUrl;
    exports.models = endpoint.models;`;

  stack.write(program({}));
  expect((await stack.up()).steps).toEqual([
    "create Ownership runpod",
    "create Volume cache",
    "create Pod llm",
    "create PodEndpoint llm",
  ]);
  const outputs = await stack.outputs();
  const url = `${emulator.url}/proxy/${outputs["podId"]}-8000`;
  expect(outputs).toMatchObject({ url, openaiBaseUrl: `${url}/v1`, models: ["Qwen/Qwen3-0.6B"] });
  // Inputs that the program leaves out: defaults, and one that has no value.
  expect(outputs).toMatchObject({ gpuCount: 1, timeout: "45m" });
  expect(outputs).not.toHaveProperty("locked");
  const pod = await emulator.call("GET", `/v2/pods/${outputs["podId"]}`);
  expect(pod.body).toMatchObject({
    gpu: { id: outputs["gpuTypeId"] },
    cost: outputs["costPerHr"],
    mounts: { network: [{ volumeId: outputs["volumeId"] }] },
  });

  expect((await stack.up("--expect-no-changes")).steps).toEqual([]);

  stack.write(program({ name: "renamed" }));
  expect((await stack.preview()).steps).toEqual(["update Pod llm"]);
  stack.write(program({ size: 60 }));
  expect((await stack.preview()).steps).toEqual(["update Volume cache"]);

  stack.write(program({ size: 60, name: "renamed" }));
  await emulator.clearRequests();
  expect((await stack.up()).steps).toEqual(["update Volume cache", "update Pod llm"]);
  const writes = (await emulator.requests()).filter(({ method }) => method !== "GET");
  expect(writes).toMatchObject([
    { method: "PATCH", path: `/v2/network-volumes/${outputs["volumeId"]}`, body: { size: 60 } },
    { method: "PATCH", path: `/v2/pods/${outputs["podId"]}`, body: { name: "renamed" } },
  ]);
  await stack.refresh("--expect-no-changes");

  expect((await stack.destroy()).steps.at(-1)).toBe("delete Ownership runpod");
  const { pods, networkVolumes } = await emulator.ledger();
  expect([...pods, ...networkVolumes]).toHaveLength(2);
  expect([...pods, ...networkVolumes].filter(({ endedAt }) => endedAt === null)).toEqual([]);
});

test("a changed template updates its pod in place; a broken image fails until it is corrected", async () => {
  const program = (image: string, maxLength: number) => `
    const template = new Template("vllm", {
      imageName: "vllm/vllm-openai:${image}",
      dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "${maxLength}"],
      ports: ["8000/http"],
      containerDiskInGb: 40,
      volumeInGb: 20,
      volumeMountPath: "/root/.cache/huggingface",
    });
    const pod = new Pod("llm", { template, gpuTypeIds: ["NVIDIA L4"] });
    const endpoint = new PodEndpoint("llm", { pod, port: 8000, interval: "250ms", timeout: "1m" });
    exports.podId = pod.podId;`;
  const all = ["update Template vllm", "update Pod llm", "update PodEndpoint llm"];
  const wipes = (fields: string) =>
    `will be restarted in place because of ${fields}: everything outside its mount /root/.cache/huggingface will be wiped.`;

  stack.write(program("v0.20.0", 4096));
  await stack.up();
  const { podId } = await stack.outputs();

  stack.write(program("v0.20.0", 8192));
  const preview = await stack.preview();
  expect(preview.steps).toEqual(all);
  expect(preview.stdout).toContain(wipes("dockerStartCmd"));
  const edit = await stack.up();
  expect(edit.steps).toEqual(all);
  expect(edit.stdout).toContain(wipes("dockerStartCmd"));
  expect((await emulator.call("GET", `/v2/pods/${podId}`)).body).toMatchObject({
    cmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
  });

  stack.write(program("v9.99.9", 8192));
  const broken = await failure(stack.up());
  expect(broken.stdout).toContain("Diagnosis: image-tag-not-found (certain).");
  expect(broken.stdout).toMatch(/Pod \S+ stays in the state and is billed at [\d.]+ \$\/h/);
  const stillBroken = await failure(stack.up());
  expect(stillBroken.steps).toEqual(["update PodEndpoint llm"]);

  stack.write(program("v0.20.0", 8192));
  expect((await stack.up()).steps).toEqual(all);
  expect(await stack.outputs()).toEqual({ podId });
  await stack.destroy();
  expect((await emulator.ledger()).pods).toMatchObject([{ id: podId, endedAt: expect.anything() }]);
});
