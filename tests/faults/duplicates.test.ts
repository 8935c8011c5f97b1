import { type FaultScene, inputsOf, startFaultScene } from "../support/faults";
import type { TestResource } from "../support/resource";

jest.setTimeout(60_000);

let scene: FaultScene;

beforeEach(async () => {
  scene = await startFaultScene();
});
afterEach(() => scene.close());

/** A second pod with everything that the first one shows. */
async function copyOf(id: string): Promise<string> {
  const { emulator } = scene;
  const { body } = await emulator.call("GET", `/v2/pods/${id}`);
  const { name, image, cloud, env } = body;
  const request = { name, image, cloud, env, gpu: { id: body.gpu.id, count: 1 } };
  const copy = await emulator.call("POST", "/v2/pods", request);
  expect(copy.status).toBe(201);
  return copy.body.id;
}

/** A pod in the state, and an older one with its token, as left by a create that was executed twice. */
async function doubled(pod: TestResource): Promise<string> {
  await pod.up(inputsOf("Pod"));
  const duplicate = pod.id;
  const kept = await copyOf(duplicate);
  const { state } = pod;
  if (state !== undefined) {
    pod.state = { ...state, id: kept };
  }
  await scene.kill();
  return duplicate;
}

const liveIds = async () => (await scene.live("Pod")).map(({ id }) => id);
const newPod = (name = "llm", owner?: string) => scene.resource("Pod", name, owner);

test("a refresh reports a second pod with the same token, and terminates nothing", async () => {
  const pod = newPod();
  const duplicate = await doubled(pod);

  expect(await pod.refresh()).toBe(false);
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, duplicate]));
  expect(scene.output()).toMatch(
    new RegExp(`\\(${duplicate}\\), [\\d.]+ \\$/h, is a duplicate of ${pod.id}`),
  );
});

test("the next update keeps the state's pod, terminates the other and reports it", async () => {
  const pod = newPod();
  const duplicate = await doubled(pod);
  await pod.refresh();

  expect(await pod.up(inputsOf("Pod"))).toBe("updated");
  expect(await liveIds()).toEqual([pod.id]);
  expect(scene.output()).toMatch(
    new RegExp(`\\(${duplicate}\\), [\\d.]+ \\$/h, .* terminating it`),
  );
  expect(await pod.refresh()).toBe(true);
  expect(await pod.up(inputsOf("Pod"))).toBe("unchanged");
});

test("a destroy terminates both", async () => {
  const pod = newPod();
  await doubled(pod);
  await pod.refresh();

  await pod.destroy();
  expect(await liveIds()).toEqual([]);
});

test("a locked duplicate is terminated as well", async () => {
  const pod = newPod();
  const duplicate = await doubled(pod);
  await scene.emulator.call("PATCH", `/v2/pods/${duplicate}`, { locked: true });

  await pod.refresh();
  await pod.up(inputsOf("Pod"));
  expect(await liveIds()).toEqual([pod.id]);
});

test("a younger pod with the same token is a user's clone, and is kept", async () => {
  const pod = newPod();
  await pod.up(inputsOf("Pod"));
  const clone = await copyOf(pod.id);
  await scene.kill();

  expect(await pod.refresh()).toBe(true);
  expect(await pod.up(inputsOf("Pod"))).toBe("unchanged");
  await pod.destroy();
  expect(await liveIds()).toEqual([clone]);
});

test("a pod that is added to the state between a refresh and the update is kept", async () => {
  const pod = newPod();
  const duplicate = await doubled(pod);
  await pod.refresh();
  const imported = newPod("imported");
  if (pod.state !== undefined) {
    imported.state = { ...pod.state, id: duplicate };
  }

  await pod.up(inputsOf("Pod"));
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, duplicate]));
});

test("nothing is terminated while the state cannot be read", async () => {
  const pod = newPod();
  const duplicate = await doubled(pod);
  await pod.refresh();
  scene.state.break();
  await pod.destroy();
  expect(await liveIds()).toEqual([duplicate]);
});

test("an interrupted create's pod is the duplicate of the state's, even if it is older", async () => {
  const pod = newPod();
  const lost = await pod.cutOff(inputsOf("Pod"));
  await scene.kill();
  // It is not listed yet, so that another one is created.
  const { emulator } = scene;
  await emulator.fault("status:404:before", {
    method: "GET",
    path: `^/v2/pods/${lost}$`,
    times: 1,
  });
  await pod.up(inputsOf("Pod"));
  expect(new Set(await liveIds())).toEqual(new Set([lost, pod.id]));
  await scene.kill();

  expect(await pod.refresh()).toBe(false);
  await pod.up(inputsOf("Pod"));
  expect(await liveIds()).toEqual([pod.id]);
});

test("a resource renamed by an alias keeps its pod, even if a new one with the old name comes first", async () => {
  const old = newPod();
  await old.up(inputsOf("Pod"));
  await scene.endRun();
  const renamed = newPod("renamed");
  renamed.state = old.state;
  old.state = undefined;

  const pod = newPod();
  await pod.up(inputsOf("Pod"));
  await renamed.up(inputsOf("Pod"));
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, renamed.id]));

  await scene.kill();
  await Promise.all([renamed.refresh(), pod.refresh()]);
  await Promise.all([renamed.up(inputsOf("Pod")), pod.up(inputsOf("Pod"))]);
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, renamed.id]));
});

test("a pod that was kept is not a duplicate of the resource's new pod", async () => {
  const pod = newPod();
  await pod.up(inputsOf("Pod"));
  const kept = pod.id;
  // As retainOnDelete and `pulumi state delete` do it.
  pod.state = undefined;
  await scene.endRun();

  await pod.up(inputsOf("Pod"));
  await scene.kill();
  expect(await pod.refresh()).toBe(true);
  await pod.destroy();
  expect(await liveIds()).toEqual([kept]);
});

test("of two pods that an interrupted run left, one is adopted and the other is terminated", async () => {
  const pod = newPod();
  const first = await pod.cutOff(inputsOf("Pod"));
  const both = [first, await copyOf(first)];
  await scene.kill();

  await pod.up(inputsOf("Pod"));
  expect(both).toContain(pod.id);
  expect(await liveIds()).toEqual([pod.id]);
});

test("another resource's pod, and another stack's, is kept", async () => {
  const [pod, other] = [newPod(), newPod("other")];
  const strange = newPod("llm", "fedcba9876543210");
  for (const one of [pod, other, strange]) {
    await one.up(inputsOf("Pod"));
  }
  await scene.kill();

  for (const one of [pod, other, strange]) {
    expect(await one.refresh()).toBe(true);
  }
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, other.id, strange.id]));
});
