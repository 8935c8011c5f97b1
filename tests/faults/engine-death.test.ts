import { once } from "node:events";
import { type Scene, startScene } from "../support/scene";

jest.setTimeout(60_000);

let scene: Scene;

beforeEach(async () => {
  scene = await startScene();
});
afterEach(() => scene.close());

const CREATE = { method: "POST", path: "^/v2/pods$" };
const pod = {
  name: "llm",
  imageName: "ubuntu:24.04",
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
};

/** Statuses of the creates that were sent. */
async function creates(): Promise<(number | null)[]> {
  const requests = await scene.emulator.requests();
  return requests.filter(({ method }) => method === "POST").map(({ status }) => status);
}

async function underWay(): Promise<void> {
  while ((await creates()).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The engine's end, as the plugin sees it. */
async function engineDies(): Promise<void> {
  const { process: plugin } = scene.plugin;
  const exited = once(plugin, "exit");
  plugin.stdin?.end();
  await exited;
}

test("once the engine is dead, calls under way are finished and no further candidate is tried", async () => {
  await scene.emulator.fault("slow:300", CREATE);
  await scene.emulator.fault("capacity", { ...CREATE, times: 1 });
  const creating = scene.resource("Pod", "llm").up(pod);
  creating.catch(() => {});
  await underWay();
  await engineDies();
  await expect(creating).rejects.toThrow();
  expect(await creates()).toEqual([400]);
  expect((await scene.emulator.ledger()).pods).toEqual([]);
});

test("once the engine is dead, a create that waits for the rate limit is not sent", async () => {
  await scene.emulator.fault("status:429:before", { ...CREATE, times: 1 });
  const creating = scene.resource("Pod", "llm").up(pod);
  creating.catch(() => {});
  await underWay();
  await engineDies();
  await expect(creating).rejects.toThrow();
  expect(await creates()).toEqual([429]);
});

test("once the engine is dead, a deletion is repeated until it has succeeded", async () => {
  const resource = scene.resource("Pod", "llm");
  await resource.up(pod);
  await scene.emulator.fault("slow:300", { method: "DELETE" });
  await scene.emulator.fault("status:500:before", { method: "DELETE", times: 1 });
  const deleting = resource.destroy();
  deleting.catch(() => {});
  while (!(await scene.emulator.requests()).some(({ method }) => method === "DELETE")) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await engineDies();
  await deleting.catch(() => {});
  const [only] = (await scene.emulator.ledger()).pods;
  expect(only?.endedAt).not.toBeNull();
});

test("a plugin with nothing under way ends with its engine", async () => {
  await scene.resource("Pod", "llm").up(pod);
  await engineDies();
  expect(scene.plugin.process.exitCode).toBe(0);
});

test("a plugin that waits for a service ends with its engine", async () => {
  const resource = scene.resource("Pod", "llm");
  await resource.up({ ...pod, ports: ["8000/http"] });
  const waiting = scene.resource("PodEndpoint", "openai").up({ podId: resource.id, port: 8000 });
  waiting.catch(() => {});
  while (!scene.plugin.output().includes("waiting up to")) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await engineDies();
  await expect(waiting).rejects.toThrow();
});
