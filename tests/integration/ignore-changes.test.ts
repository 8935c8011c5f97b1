import { unpack } from "@runpod-stack/provider/schema";
import { type Scene, startScene } from "../support/scene";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());

test('with ignoreChanges: ["*"], the inputs of the state are accepted as a program\'s', async () => {
  const pod = scene.resource("Pod", "a");
  await pod.up({ imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });
  const old = pod.state?.inputs ?? {};
  const { inputs, failures } = await scene.plugin.check("Pod", old, old);
  expect(failures).toEqual([]);
  const { changes } = await scene.plugin.diff("Pod", pod.id, pod.outputs, inputs);
  expect(changes).toBe(1);
});

test("a replacement with them does not get the token of the pod that it replaces", async () => {
  const pod = scene.resource("Pod", "b");
  await pod.up({ imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });
  const { inputs } = await scene.plugin.check("Pod", {}, pod.state?.inputs ?? {});
  expect(unpack(inputs)["__token"]).toBeUndefined();
});
