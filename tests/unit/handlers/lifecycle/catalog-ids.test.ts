import { podHandler } from "../../../../provider/src/handlers/pod/handler";
import { volumeHandler } from "../../../../provider/src/handlers/volume/handler";
import { UNKNOWN } from "../../../../provider/src/schema";

const pod = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };
const checkPod = (given: object, old = {}) => podHandler.check(old, { ...pod, ...given });

test("an id unlike all others may be new: it is only noted", () => {
  const { problems, notes } = checkPod({ gpuTypeIds: ["NVIDIA H300", "NVIDIA H100"] });
  expect(problems).toEqual([]);
  expect(notes).toEqual([
    'gpuTypeIds "NVIDIA H300" is not a GPU type that this release knows.',
    'gpuTypeIds "NVIDIA H100" is not a GPU type that this release knows. Did you mean "NVIDIA H100 80GB HBM3" or "NVIDIA H100 NVL" or "NVIDIA H100 PCIe"?',
  ]);
  expect(checkPod({ dataCenterIds: ["EU-ES-1", UNKNOWN] }).problems).toEqual([]);
});

test("an id in the state is not refused by a release that would refuse a new one", () => {
  const given = { gpuTypeIds: ["NVIDIA L4O"], dataCenterIds: ["EU-R0-1"] };
  const [wrong, again] = [checkPod(given), checkPod(given, { ...pod, ...given })];
  expect(wrong.problems).toHaveLength(2);
  expect(again.problems).toEqual([]);
  const volume = { name: "v", size: 20, dataCenterId: "EU-R0-1" };
  expect(volumeHandler.check({}, volume).problems).toHaveLength(1);
  expect(volumeHandler.check(volume, volume).problems).toEqual([]);
});

test("spaces that RunPod doubles in some ids are accepted", () => {
  const { problems, notes } = checkPod({ gpuTypeIds: ["NVIDIA GeForce  RTX 4090"] });
  expect([problems, notes]).toEqual([[], []]);
});
