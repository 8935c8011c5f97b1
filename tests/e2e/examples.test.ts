import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { ANSWER, DESTROY, shown, UP } from "../../tools/demo/scenes.mts";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { recording } from "../support/recording";
import { createStack, type Run, type TestStack } from "../support/stack";

// examples/two-accounts has its test in accounts.test.ts.
jest.setTimeout(120_000);

const APP = path.join(__dirname, "../../examples/app/main.js");
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

test("examples/pod serves a model to examples/app", async () => {
  const { emulator, stack } = await anExample("examples/pod");
  await stack.up();
  const { openaiBaseUrl, costPerHr } = await stack.outputs();
  expect(costPerHr).toBeGreaterThan(0);
  expect(await ask({ OPENAI_BASE_URL: openaiBaseUrl })).not.toBe("");
  await comesDown(emulator, stack);
});

test("examples/pod-with-network-volume serves only with the key", async () => {
  const { emulator, stack } = await anExample("examples/pod-with-network-volume");
  await stack.configure({}, { serviceKey: "key-of-the-service" });
  await stack.up();
  const { openaiBaseUrl, volumeId } = await stack.outputs();
  expect((await emulator.ledger()).networkVolumes).toMatchObject([{ id: volumeId }]);
  expect((await fetch(`${openaiBaseUrl}/models`)).status).toBe(401);
  const withKey = { OPENAI_BASE_URL: openaiBaseUrl, OPENAI_API_KEY: "key-of-the-service" };
  expect(await ask(withKey)).not.toBe("");
  await comesDown(emulator, stack);
});

test("the reference stack serves the guide's model", async () => {
  const { emulator, stack } = await anExample(".");
  await stack.configure({ interval: "500ms" });
  const up = await stack.up();
  expect(up.steps).toEqual([
    "create Ownership runpod",
    "create Template vllm",
    "create Pod llm",
    "create PodEndpoint openai",
  ]);
  const outputs = await stack.outputs();
  expect(outputs).toMatchObject({
    modelName: "Qwen3.8-27B",
    openaiBaseUrl: `${outputs["endpointUrl"]}/v1`,
    gpuTypeId: expect.stringContaining("NVIDIA"),
    costPerHr: expect.any(Number),
    sshCommand: expect.stringMatching(/^ssh /),
  });
  const answer = await ask({ OPENAI_BASE_URL: outputs["openaiBaseUrl"] });
  const destroy = await comesDown(emulator, stack);
  // If this fails, `npm run demo:record` records the demo again.
  expect(recording()).toEqual(
    expect.arrayContaining([
      ...shown(UP, up.stdout),
      ...shown(ANSWER, answer),
      ...shown(DESTROY, destroy.stdout),
    ]),
  );
});

async function anExample(folder: string) {
  const emulator = await startTestEmulator();
  closing.push(() => emulator.close());
  const stack = await createStack({ folder, env: emulator.env });
  closing.push(() => stack.close());
  return { emulator, stack };
}

/** The output of the application, which gets only an address and perhaps a key. */
async function ask(env: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [APP, "What is a pod?"], {
    env: { ...process.env, ...env },
  });
  return stdout.trim();
}

async function comesDown(emulator: TestEmulator, stack: TestStack): Promise<Run> {
  const run = await stack.destroy();
  const all = Object.values(await emulator.ledger()).flat();
  expect(all.filter(({ endedAt }) => endedAt === null)).toEqual([]);
  return run;
}
