import { type FaultScene, startFaultScene } from "../support/faults";

const POD = {
  name: "llm",
  imageName: "ubuntu:24.04",
  gpuTypeIds: ["NVIDIA L4"],
  volumeInGb: 50,
  volumeMountPath: "/workspace",
};
const VOLUME = { name: "my-weights", size: 200, dataCenterId: "EU-RO-1" };

let scene: FaultScene;

beforeAll(async () => {
  scene = await startFaultScene();
});

beforeEach(() => scene.emulator.reset());

afterAll(() => scene.close());

const live = async () => [...(await scene.live("Pod")), ...(await scene.live("Volume"))];
const deletes = async () =>
  (await scene.emulator.requests()).filter(({ method }) => method === "DELETE").length;

test("a 404 for an existing object is checked: the pod and the volume are really deleted", async () => {
  const pod = scene.resource("Pod", "p");
  const volume = scene.resource("Volume", "v");
  await Promise.all([pod.up(POD), volume.up(VOLUME)]);
  await scene.emulator.fault("status:404:before", { method: "DELETE", times: 2 });
  await Promise.all([pod.destroy(), volume.destroy()]);
  expect(await live()).toEqual([]);
  expect(await deletes()).toBe(4);
});

test("a 404 for an object that is not listed yet is checked until it cannot be lag", async () => {
  await scene.emulator.fault("lag:1000:all", { method: "POST", path: "^/v2/pods$", times: 1 });
  await scene.emulator.fault("status:404:before", { method: "DELETE", times: 1 });
  const pod = scene.resource("Pod", "p");
  await pod.up(POD);
  await pod.destroy();
  expect(await live()).toEqual([]);
  expect(scene.output()).toContain("may not be listed yet; retrying until it is 1m old");
});

test("a 404 that never ends is an error, with what the pod costs", async () => {
  const pod = scene.resource("Pod", "p");
  await pod.up(POD);
  await scene.emulator.fault("status:404:before", { method: "DELETE" });
  await expect(pod.destroy()).rejects.toThrow(
    /^Deleting pod 'llm' \(\w+\) failed: 404 Not Found: .* It still exists and is billed at [\d.]+ \$\/h\. Run the same command again/,
  );
  expect(await live()).toHaveLength(1);
});

test("a pod that was deleted long ago is deleted silently, with one more call", async () => {
  const pod = scene.resource("Pod", "p");
  await pod.up(POD);
  await scene.emulator.call("DELETE", `/v2/pods/${pod.id}`);
  await scene.pass(61);
  await scene.emulator.clearRequests();
  await pod.destroy();
  expect((await scene.emulator.requests()).map(({ method }) => method)).toEqual(["DELETE", "GET"]);
});

test.each([
  [409, "Conflict"],
  [500, "Internal Server Error"],
  [403, "Forbidden"],
])("a %d for a stopped pod reports that its disk is billed", async (status, title) => {
  const pod = scene.resource("Pod", "p");
  await pod.up({ ...POD, desiredStatus: "EXITED" });
  await scene.emulator.fault(`status:${status}:before`, { method: "DELETE" });
  const { message } = await pod.destroy().catch((error) => error);
  expect(message).toContain(`failed: ${status} ${title}: fault injected by the emulator`);
  expect(message).toContain(
    "It still exists and is stopped, so its GPU is not billed, but its persistent disk of 50 GB is, at 0.0137 $/h.",
  );
});

test("a deletion whose answers are lost is complete once a GET shows that it happened", async () => {
  const pod = scene.resource("Pod", "p");
  await pod.up(POD);
  await scene.pass(61);
  await scene.emulator.fault("status:500:after", { method: "DELETE" });
  await pod.destroy();
  expect(await live()).toEqual([]);
});
