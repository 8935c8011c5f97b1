import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { EmulatorOptions } from "@runpod-stack/emulator";
import { utils } from "ssh2";
import { ANSWER, DESTROY, shown, UP } from "../../tools/demo/scenes.mts";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { recording } from "../support/recording";
import { createStack, failure, type Run, type TestStack } from "../support/stack";

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

test("examples/serverless-vllm serves a model to examples/app", async () => {
  const { emulator, stack } = await anExample("examples/serverless-vllm");
  await stack.up();
  const { openaiBaseUrl } = await stack.outputs();
  const key = emulator.env["RUNPOD_API_KEY"] ?? "";
  expect(await ask({ OPENAI_BASE_URL: openaiBaseUrl, OPENAI_API_KEY: key })).not.toBe("");
  await comesDown(emulator, stack);
});

test("examples/serverless-queue answers jobs", async () => {
  const { emulator, stack } = await anExample("examples/serverless-queue");
  await stack.up();
  const { runUrl, firstOutput } = await stack.outputs();
  expect(firstOutput).toBeTruthy();
  const headers = { authorization: `Bearer ${emulator.env["RUNPOD_API_KEY"]}` };
  const body = JSON.stringify({ input: { url: "https://example.com/b.wav" } });
  const answer = await fetch(runUrl, { method: "POST", headers, body });
  expect(await answer.json()).toMatchObject({ id: expect.any(String), status: "IN_QUEUE" });
  await comesDown(emulator, stack);
});

test("examples/serverless-api answers requests with a RunPod key", async () => {
  const { emulator, stack } = await anExample("examples/serverless-api");
  await stack.up();
  const { url } = await stack.outputs();
  expect((await fetch(`${url}/`)).status).toBe(401);
  const headers = { authorization: `Bearer ${emulator.env["RUNPOD_API_KEY"]}` };
  expect(await (await fetch(`${url}/`, { headers })).text()).toContain("Welcome to nginx");
  await comesDown(emulator, stack);
});

test("examples/serverless-two-regions has a volume in each data center", async () => {
  const { emulator, stack } = await anExample("examples/serverless-two-regions");
  await stack.up();
  const { volumeIds } = await stack.outputs();
  const { endpoints } = (await emulator.call("GET", "/v2/serverless")).body;
  expect(endpoints).toMatchObject([{ networkVolumes: expect.arrayContaining(volumeIds) }]);
  expect(new Set(volumeIds).size).toBe(2);
  await comesDown(emulator, stack);
});

test("examples/private-image keeps its tokens out of the state", async () => {
  const { emulator, stack } = await anExample("examples/private-image");
  const tokens = { registryToken: "token-of-the-registry", hfToken: "hf_token-of-the-hub" };
  await stack.configure({ registryUser: "me" }, tokens);
  await stack.up();
  const { endpoints } = (await emulator.call("GET", "/v2/serverless")).body;
  expect(endpoints[0].env.HF_TOKEN).toMatch(/^\{\{ ?RUNPOD_SECRET_/);
  expect(await stack.exportState()).not.toMatch(new RegExp(Object.values(tokens).join("|")));
  await comesDown(emulator, stack);
});

const PLUGIN = "pulumi-resource-command";
const hasPlugin = (process.env["PATH"] ?? "")
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, PLUGIN)));

// The plugin is a download from GitHub. Without it, tests/unit/examples runs the program against
// Pulumi's mocks.
(hasPlugin ? test : test.skip)(
  `examples/post-deploy-check fails on a wrong answer (needs ${PLUGIN} on the PATH)`,
  async () => {
    const { private: sshPrivateKey, public: publicKey } = utils.generateKeyPairSync("ed25519");
    const { emulator, stack } = await anExample("examples/post-deploy-check", { ssh: true });
    await emulator.call("PUT", "/v2/account/ssh-keys", { keys: [publicKey] });
    await stack.configure({ expected: "never this" }, { sshPrivateKey });
    const failed = await failure(stack.up());
    expect(failed.stdout).toContain("which does not contain never this");
    await stack.configure({ expected: "4217" });
    await stack.up();
    const { answer, hardware } = await stack.outputs();
    expect(answer).toContain("4217");
    expect(hardware).toMatch(/NVIDIA-SMI .*overlay/s);
    await comesDown(emulator, stack);
  },
);

async function anExample(folder: string, options: EmulatorOptions = {}) {
  const emulator = await startTestEmulator(options);
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
