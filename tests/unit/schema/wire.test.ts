import {
  fromWire,
  podFields,
  templateFields,
  toWire,
  volumeFields,
  wirePlaces,
} from "../../../provider/src/schema";
import { pod, template } from "../api/fixtures";

describe("the way to the wire", () => {
  test("puts each input at its row's path, and leaves out fields mapped by hand", () => {
    const inputs = {
      imageName: "a",
      gpuCount: 2,
      minRAMPerGPU: 32,
      gpuTypeIds: ["NVIDIA L4"],
      volumeInGb: 20,
      desiredStatus: "RUNNING",
    };
    expect(toWire(podFields, inputs)).toEqual({ image: "a", gpu: { count: 2, minRamPerGpu: 32 } });
  });

  test("clears what has no value, if it can be cleared", () => {
    expect(toWire(podFields, {}, ["ports", "containerRegistryAuthId", "name"])).toEqual({
      ports: [],
      registry: null,
    });
    expect(toWire(templateFields, {}, ["containerRegistryAuthId"])).toEqual({ registry: "" });
  });
});

describe("the way back", () => {
  test("uses the same rows", () => {
    const { imageName, gpuCount, cloudType, ports } = fromWire(podFields, pod, {});
    expect({ imageName, gpuCount, cloudType, ports }).toEqual({
      imageName: pod.image,
      gpuCount: pod.gpu?.count,
      cloudType: pod.cloud,
      ports: pod.ports,
    });
    const same = { name: "cache", size: 200, type: "STANDARD" } as const;
    const volume = { id: "v1", dataCenter: "EU-RO-1", ...same };
    expect(fromWire(volumeFields, volume, {})).toEqual({ ...same, dataCenterId: "EU-RO-1" });
  });

  test("prefers fields mapped by hand to a row's, also if they are empty", () => {
    const byHand = { dockerStartCmd: undefined, volumeInGb: 20 };
    const found = fromWire(podFields, { ...pod, cmd: ["a"] }, byHand);
    expect(found).toMatchObject({ volumeInGb: 20 });
    expect(found).not.toHaveProperty("dockerStartCmd");
  });

  test("leaves out a field that is missing or has another form", () => {
    const odd = { ...template, image: undefined, disk: "20 GB", ports: null, public: "yes" };
    const found = fromWire(templateFields, odd as never, {});
    for (const field of ["imageName", "containerDiskInGb", "ports", "isPublic"]) {
      expect(found).not.toHaveProperty(field);
    }
  });
});

test("the paths in v2 bodies are those of all kinds, the usual one first", () => {
  const places = wirePlaces(podFields, templateFields, volumeFields);
  expect(places).toMatchObject({
    imageName: [["image"]],
    containerDiskInGb: [["disk"]],
    dockerEntrypoint: [["entrypoint"]],
    dockerStartCmd: [["cmd"], ["args"]],
    volumeInGb: [["mounts", "persistent", "size"]],
    volumeMountPath: [
      ["mounts", "persistent", "path"],
      ["mounts", "network", "0", "path"],
    ],
    networkVolumeId: [["mounts", "network", "0", "volumeId"]],
    gpuTypeIds: [["gpu", "id"]],
    gpuCount: [["gpu", "count"]],
    minCudaVersion: [["gpu", "minCudaVersion"]],
    allowedCudaVersions: [["gpu", "allowedCudaVersions"], ["allowedCudaVersions"]],
    cloudType: [["cloud"]],
    dataCenterId: [["dataCenter"]],
  });
});
