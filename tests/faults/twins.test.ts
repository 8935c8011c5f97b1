import { type FaultScene, inputsOf, startFaultScene } from "../support/faults";
import type { TestResource } from "../support/resource";

jest.setTimeout(60_000);

let scene: FaultScene;

beforeEach(async () => {
  scene = await startFaultScene();
});
afterEach(() => scene.close());

/** A second pod with the token of the first, as a create that was sent twice leaves it. */
async function twinOf(resource: TestResource, more: object = {}): Promise<string> {
  const { emulator } = scene;
  const { body } = await emulator.call("GET", `/v2/pods/${resource.id}`);
  const { name, image, cloud, env } = body;
  const gpu = { id: body.gpu.id, count: 1 };
  const request = { name, image, cloud, env, gpu, ...more };
  const twin = await emulator.call("POST", "/v2/pods", request);
  expect(twin.status).toBe(201);
  return twin.body.id;
}

const liveIds = async () => (await scene.live("Pod")).map(({ id }) => id);

test("of two live pods with one token a refresh, which may be a preview, only tells", async () => {
  const pod = scene.resource("Pod", "llm");
  await pod.up(inputsOf("Pod"));
  const twin = await twinOf(pod);
  await scene.kill();

  expect(await pod.refresh()).toBe(false);
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, twin]));
  expect(scene.output()).toMatch(
    new RegExp(`\\(${twin}\\), [\\d.]+ \\$/h, .* beside ${pod.id}, which is kept`),
  );
});

test("the update after it keeps the state's, ends the other and says so", async () => {
  const pod = scene.resource("Pod", "llm");
  await pod.up(inputsOf("Pod"));
  const twin = await twinOf(pod);
  await scene.kill();
  await pod.refresh();

  expect(await pod.up(inputsOf("Pod"))).toBe("updated");
  expect(await liveIds()).toEqual([pod.id]);
  expect(scene.output()).toMatch(new RegExp(`\\(${twin}\\), [\\d.]+ \\$/h, .* terminating it`));
  expect(await pod.refresh()).toBe(true);
  expect(await pod.up(inputsOf("Pod"))).toBe("unchanged");
});

test("a destruction after it ends both", async () => {
  const pod = scene.resource("Pod", "llm");
  await pod.up(inputsOf("Pod"));
  await twinOf(pod);
  await scene.kill();
  await pod.refresh();

  await pod.destroy();
  expect(await liveIds()).toEqual([]);
});

test("a resource renamed by an alias keeps its pod, although a new one of the old name comes first", async () => {
  const old = scene.resource("Pod", "llm");
  await old.up(inputsOf("Pod"));
  await scene.kill();
  const renamed = scene.resource("Pod", "renamed");
  renamed.state = old.state;

  const pod = scene.resource("Pod", "llm");
  const creating = pod.up(inputsOf("Pod"));
  await scene.pass(1);
  await renamed.up(inputsOf("Pod"));
  await creating;
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, renamed.id]));

  // Each of them bears the token of the old name.
  await scene.kill();
  await Promise.all([renamed.refresh(), pod.refresh()]);
  await Promise.all([renamed.up(inputsOf("Pod")), pod.up(inputsOf("Pod"))]);
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, renamed.id]));
});

test("a locked twin is ended as well", async () => {
  const pod = scene.resource("Pod", "llm");
  await pod.up(inputsOf("Pod"));
  const twin = await twinOf(pod);
  await scene.emulator.call("PATCH", `/v2/pods/${twin}`, { locked: true });
  await scene.kill();

  await pod.refresh();
  await pod.up(inputsOf("Pod"));
  expect(await liveIds()).toEqual([pod.id]);
});

test("of two pods that an interrupted run left, one is adopted and the other is ended", async () => {
  const interrupted = scene.resource("Pod", "llm");
  await interrupted.up(inputsOf("Pod"));
  const both = [interrupted.id, await twinOf(interrupted)];
  await scene.kill();

  const pod = scene.resource("Pod", "llm");
  await pod.up(inputsOf("Pod"));
  expect(both).toContain(pod.id);
  expect(await liveIds()).toEqual([pod.id]);
});

test("an interrupted run's pod that is not where the program wants it now is ended", async () => {
  const interrupted = scene.resource("Pod", "llm");
  await interrupted.up(inputsOf("Pod"));
  const elsewhere = interrupted.id;
  await scene.kill();

  const pod = scene.resource("Pod", "llm");
  await pod.up({ ...inputsOf("Pod"), gpuTypeIds: ["NVIDIA L40S"] });
  expect(pod.id).not.toBe(elsewhere);
  expect(await liveIds()).toEqual([pod.id]);
});

test("another resource's pod is left alone", async () => {
  const [pod, other] = [scene.resource("Pod", "llm"), scene.resource("Pod", "other")];
  await pod.up(inputsOf("Pod"));
  await other.up(inputsOf("Pod"));
  await scene.kill();

  await pod.refresh();
  expect(new Set(await liveIds())).toEqual(new Set([pod.id, other.id]));
});
