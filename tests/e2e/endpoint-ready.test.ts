import { setTimeout as delay } from "node:timers/promises";
import { pluginsOf } from "../support/faults-kills";
import { printed, pulumiScene } from "../support/pulumi-scene";
import { failure, type TestStack } from "../support/stack";

jest.setTimeout(120_000);

const scene = pulumiScene();

const program = (image: string, expected: string, more = "") => `
const rp = require("@runpod-stack/provider");
const endpoint = new rp.ServerlessEndpoint("llm", {
  imageName: "${image}", gpuTypeIds: ["NVIDIA L4"], workersMax: 1, idleTimeout: 60, ${more}
});
const ready = new rp.EndpointReady("llm", {
  endpoint, input: { prompt: "Hello" }, expectOutput: "${expected}", timeout: "2m", interval: "1s",
});
exports.url = ready.url;
exports.answer = ready.output.apply((output) => output?.input.prompt);
exports.readyAt = ready.readyAt;
`;

test("an update ends with a real answer, and a new release is asked again", async () => {
  const stack = await scene.stack(program("example.com/worker:1", "Hello"));
  const preview = await stack.preview();
  expect(preview.steps).toContain("create EndpointReady llm");

  const up = await stack.up();
  expect(up.stdout).toContain("answered after");
  const first = await stack.outputs();
  expect(first).toMatchObject({ answer: "Hello", url: expect.stringContaining("/serverless/v2/") });
  expect((await stack.preview()).steps).toEqual([]);
  expect((await stack.refresh()).steps).toEqual([]);

  stack.write(program("example.com/worker:2", "Goodbye"));
  const wrong = printed(await failure(stack.up()));
  expect(wrong).toContain("the answer does not contain Goodbye");
  expect(wrong).toContain("stays in the state and is billed for each worker that a job starts");
  const held = await stack.held();
  expect([...held.keys()]).toEqual(
    expect.arrayContaining(["EndpointReady llm", "ServerlessEndpoint llm"]),
  );

  stack.write(program("example.com/worker:2", "Hello"));
  expect((await stack.up()).steps).toEqual(["update EndpointReady llm"]);
  expect((await stack.outputs())["readyAt"]).not.toBe(first["readyAt"]);
  await stack.destroy();
  expect(await scene.live()).toEqual([]);
});

/** An `up` during whose wait Ctrl-C is pressed; then RunPod shows the job's answer. */
async function interrupted(stack: TestStack, times: number): Promise<string> {
  await scene.emulator.clearRequests();
  await scene.emulator.fault("status:500:before", { path: "/status/" });
  const up = stack.startUp();
  while (!(await scene.emulator.requests()).some(({ path }) => path.includes("/status/"))) {
    await delay(50);
  }
  for (let time = 0; time < times; time++) {
    up.kill("SIGINT");
    await delay(100);
  }
  if (times === 1) {
    await scene.emulator.clearFaults();
  }
  const ended = await up.ended;
  await scene.emulator.clearFaults();
  expect(ended.code).not.toBe(0);
  while (pluginsOf(stack).length > 0) {
    await delay(50);
  }
  return printed(ended);
}

test("Ctrl-C while it waits loses nothing, and the next update goes on", async () => {
  const stack = await scene.stack(program("example.com/worker:1", "Hello"));
  // Twice ends the wait immediately.
  await interrupted(stack, 2);
  const live = await scene.live();
  expect([...(await stack.held()).values()]).toEqual(expect.arrayContaining(live));
  expect(live).toHaveLength(1);

  // Once lets it end by itself.
  await stack.cancel().catch(() => {});
  expect(await interrupted(stack, 1)).toContain("answered after");
  expect((await stack.held()).get("EndpointReady llm")).toBe(live[0]);
  expect((await stack.up()).steps).toEqual([]);
  expect(await scene.live()).toEqual(live);
  await stack.destroy();
  expect(await scene.live()).toEqual([]);
});
