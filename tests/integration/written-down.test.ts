import { type Kind, unpack, type Values } from "@runpod-stack/provider/schema";
import type { TestResource } from "../support/resource";
import { type Scene, startScene } from "../support/scene";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

const POD: Values = {
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA L4"],
};
const CPU_POD: Values = { imageName: "python:3.12", cpuFlavorIds: ["cpu3c"] };
const VOLUME: Values = { size: 20, dataCenterId: "EU-RO-1" };
const TEMPLATE: Values = { imageName: "python:3.12" };

const create = async (path: string, body: unknown): Promise<string> =>
  (await scene.emulator.call("POST", path, body)).body.id;
const writes = async () =>
  (await scene.emulator.requests()).filter(({ method }) => method !== "GET");

async function made(kind: Kind, given: Values, name = "it"): Promise<TestResource> {
  const resource = scene.resource(kind, name);
  await resource.up(given);
  await scene.emulator.clearRequests();
  return resource;
}

/** Values that an object already has, by kind. */
const soAlready: readonly (readonly [Kind, Values, Values])[] = [
  ["Pod", POD, { startSsh: false }],
  ["Pod", POD, { startJupyter: false }],
  ["Pod", POD, { gpuCount: 1 }],
  ["Pod", POD, { cloudType: "SECURE" }],
  ["Pod", POD, { containerDiskInGb: 50 }],
  ["Pod", POD, { locked: false }],
  ["Pod", POD, { globalNetworking: false }],
  ["Pod", POD, { desiredStatus: "RUNNING" }],
  ["Pod", POD, { ports: [], env: {}, dockerEntrypoint: [] }],
  ["Pod", POD, { dataCenterIds: [] }],
  ["Pod", POD, { allowedCudaVersions: [] }],
  ["Pod", { ...POD, volumeInGb: 20 }, { volumeMountPath: "/workspace" }],
  ["Pod", { ...POD, dataCenterIds: ["EU-RO-1"] }, { dataCenterIds: ["eu-ro-1"] }],
  ["Pod", CPU_POD, { vcpuCount: 2 }],
  ["Volume", VOLUME, { type: "STANDARD" }],
  ["Volume", VOLUME, { allowDuplicateName: false, allowReplace: false }],
  ["Volume", VOLUME, { dataCenterId: "eu-ro-1" }],
  ["Template", TEMPLATE, { containerDiskInGb: 50, startSsh: true, startJupyter: true }],
  ["Template", TEMPLATE, { category: "NVIDIA", isPublic: false, isServerless: false }],
  ["Template", TEMPLATE, { ports: [], env: {}, allowedCudaVersions: [] }],
  ["Template", TEMPLATE, { allowDuplicateName: false }],
  ["Template", { ...TEMPLATE, volumeInGb: 20 }, { volumeMountPath: "/workspace" }],
];

test.each(soAlready)(
  "adding an input that a %s %j already has changes nothing: %j",
  async (kind, given, more) => {
    const resource = await made(kind, given);
    const written = { ...given, ...more };
    expect([await resource.up(written), resource.failures]).toEqual(["unchanged", []]);
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up(written)).toBe("unchanged");
    expect(await resource.up(given)).toBe("unchanged");
    expect(await writes()).toEqual([]);
    await resource.destroy();
  },
);

/** Inputs that stay in force when they are removed and added again. */
const takenOut: readonly (readonly [Kind, Values, Values])[] = [
  ["Pod", { ...POD, gpuTypeIds: ["NVIDIA GeForce RTX 4090"] }, { cloudType: "COMMUNITY" }],
  ["Pod", POD, { gpuCount: 2 }],
  ["Pod", POD, { containerDiskInGb: 100 }],
  ["Pod", { ...POD, volumeInGb: 20 }, { volumeMountPath: "/data" }],
  ["Pod", POD, { startSsh: true, startJupyter: true }],
  ["Pod", CPU_POD, { vcpuCount: 4 }],
  ["Volume", VOLUME, { type: "HIGH_PERFORMANCE" }],
];

test.each(takenOut)(
  "of a %s %j, %j stays in force once it is removed",
  async (kind, given, more) => {
    const resource = await made(kind, { ...given, ...more, name: "one" });
    const id = resource.id;
    expect(await resource.up({ ...given, name: "one" })).toBe("unchanged");
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up({ ...given, name: "two" })).toBe("updated");
    expect(resource.outputs).toMatchObject(more);
    expect(await resource.up({ ...given, ...more, name: "two" })).toBe("unchanged");
    expect(resource.id).toBe(id);
    expect((await writes()).map(({ body }) => body)).toEqual([{ name: "two" }]);
    await resource.destroy();
  },
);

describe("a volume's type", () => {
  test("is known from RunPod's answer, also after the volume was grown", async () => {
    const volume = await made("Volume", VOLUME);
    expect(volume.outputs).toMatchObject({ type: "STANDARD", dataCenterId: "EU-RO-1", size: 20 });
    expect(await volume.up({ ...VOLUME, type: "STANDARD" })).toBe("unchanged");
    expect(await volume.up({ ...VOLUME, size: 30 })).toBe("updated");
    expect(await volume.up({ ...VOLUME, size: 30, type: "STANDARD" })).toBe("unchanged");
    await volume.destroy();
  });

  test("that an older release did not store is looked up", async () => {
    const volume = await made("Volume", VOLUME);
    const { state } = volume;
    if (state === undefined) {
      throw new Error("nothing is stored");
    }
    const { type: _, __reported: __, ...older } = unpack(state.outputs);
    volume.state = { ...state, outputs: older };
    expect(await volume.up({ ...VOLUME, type: "STANDARD" })).toBe("updated");
    expect(await writes()).toEqual([]);

    volume.state = { ...state, outputs: older };
    await expect(volume.up({ ...VOLUME, type: "HIGH_PERFORMANCE" })).rejects.toThrow(
      'type is "STANDARD", but the program sets "HIGH_PERFORMANCE". Nothing was changed. Correct the program. To delete the volume with its content and create another, set allowReplace: true',
    );
    const allowed = { ...VOLUME, type: "HIGH_PERFORMANCE", allowReplace: true };
    await expect(volume.up(allowed)).rejects.toThrow("run `pulumi refresh`");
    expect(await writes()).toEqual([]);
    const { id } = volume;
    await volume.refresh();
    expect(await volume.up(allowed)).toBe("replaced");
    expect(volume.id).not.toBe(id);
    await volume.destroy();
  });

  test("never replaces it without allowReplace", async () => {
    const volume = await made("Volume", VOLUME);
    await expect(volume.up({ ...VOLUME, type: "HIGH_PERFORMANCE" })).rejects.toThrow(
      "allowReplace",
    );
    expect(scene.plugin.output()).toContain(
      "the update compares type with what RunPod reports, and fails if it differs. The volume is not replaced.",
    );
    expect(await writes()).toEqual([]);
    expect(await volume.up(VOLUME)).toBe("unchanged");
    await volume.destroy();
  });
});

describe("a pod of a template that the program names only by its id", () => {
  const settings = {
    image: "python:3.12",
    disk: 30,
    ports: ["8000/http"],
    env: { T: "t" },
    cmd: ["sleep", "1"],
    mounts: { persistent: { size: 20, path: "/data" } },
    startSsh: true,
  };
  const written: Values = {
    imageName: "python:3.12",
    containerDiskInGb: 30,
    volumeInGb: 20,
    volumeMountPath: "/data",
    ports: ["8000/http"],
    dockerStartCmd: ["sleep", "1"],
  };

  test.each(Object.keys(written))("is not changed when %s is added", async (field) => {
    const templateId = await create("/v2/templates", { name: "theirs", ...settings });
    const given = { name: "it", gpuTypeIds: ["NVIDIA L4"], templateId };
    const pod = await made("Pod", given);
    expect(pod.outputs).toMatchObject(written);
    const path = field === "volumeInGb" ? { volumeMountPath: "/data" } : {};
    expect(await pod.up({ ...given, ...path, [field]: written[field] })).toBe("unchanged");
    expect(await pod.refresh()).toBe(true);
    expect(await pod.up(given)).toBe("unchanged");
    expect(await writes()).toEqual([]);
    await pod.destroy();
  });

  test("is not replaced by startSsh, true or false: the template may have set it", async () => {
    const templateId = await create("/v2/templates", { name: "theirs", ...settings });
    const given = { name: "it", gpuTypeIds: ["NVIDIA L4"], templateId };
    const pod = await made("Pod", given);
    const { id } = pod;
    expect(await pod.up({ ...given, startSsh: false })).toBe("unchanged");
    expect(await pod.up({ ...given, startSsh: true })).toBe("updated");
    expect(await writes()).toEqual([]);
    expect(pod.id).toBe(id);
    await pod.destroy();
  });

  test("is read if no release has stored its disk, and grown in place", async () => {
    const templateId = await create("/v2/templates", { name: "theirs", ...settings });
    const given = { name: "it", gpuTypeIds: ["NVIDIA L4"], templateId };
    const pod = await made("Pod", given);
    const { id, state } = pod;
    const { volumeInGb: _, volumeMountPath: __, ...older } = state?.outputs ?? {};
    pod.state = { id, inputs: state?.inputs ?? {}, outputs: older, unfinished: false };
    const grown = { ...given, volumeInGb: 40, volumeMountPath: "/data" };
    expect(await pod.up(grown)).toBe("updated");
    expect((await writes()).map(({ body }) => body)).toEqual([
      { mounts: { persistent: { size: 40, path: "/data" } } },
    ]);
    expect(pod.id).toBe(id);
    await pod.destroy();
  });
});

describe("a pod of a template of this program", () => {
  const of = (templateId?: string): Values =>
    templateId === undefined ? POD : { ...POD, templateId, __resolved: true };

  test("stays when the template is added, replaced or removed", async () => {
    const [one, two] = [
      await create("/v2/templates", { name: "one", image: "python:3.12" }),
      await create("/v2/templates", { name: "two", image: "python:3.12" }),
    ];
    const pod = await made("Pod", { ...of(), name: "it" });
    const { id } = pod;
    for (const templateId of [one, two, undefined]) {
      expect(await pod.up({ ...of(templateId), name: "it" })).toBe("updated");
      expect(pod.outputs["templateId"]).toBe(templateId);
      expect(await pod.up({ ...of(templateId), name: "it" })).toBe("unchanged");
    }
    expect(await writes()).toEqual([]);
    expect(pod.id).toBe(id);
    await pod.destroy();
  });
});

test("a release with other defaults replaces and restarts nothing", async () => {
  const pod = await made("Pod", { ...POD, name: "it" });
  const { id, state } = pod;
  const defaults = ["cloudType", "containerDiskInGb", "desiredStatus", "gpuCount"];
  const without = (values: Values) =>
    Object.fromEntries(
      Object.entries(unpack(values)).filter(
        ([key]) => !defaults.includes(key) && !["__defaults", "__reported"].includes(key),
      ),
    );
  pod.state = {
    id,
    inputs: without(state?.inputs ?? {}),
    outputs: without(state?.outputs ?? {}),
    unfinished: false,
  };
  const before = pod.state;
  expect(await pod.up({ ...POD, name: "it" })).toBe("unchanged");
  pod.state = before;
  await pod.refresh();
  expect(await pod.up({ ...POD, name: "it" })).toBe("unchanged");
  pod.state = before;
  expect(await pod.up({ ...POD, name: "it", gpuCount: 1, cloudType: "SECURE" })).toBe("updated");
  pod.state = before;
  await expect(pod.up({ ...POD, name: "it", gpuCount: 2 })).rejects.toThrow(
    "gpuCount is 1, but the program sets 2",
  );
  expect(await writes()).toEqual([]);
  expect(pod.id).toBe(id);
  await pod.destroy();
});
