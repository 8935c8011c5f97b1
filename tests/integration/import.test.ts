import { type Kind, seal, type Values } from "@runpod-stack/provider/schema";
import type { TestResource } from "../support/resource";
import { type Scene, startScene } from "../support/scene";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await scene.emulator.call(method, path, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
};
const writes = async () =>
  (await scene.emulator.requests()).filter(({ method }) => method !== "GET");

/** A resource in the state as imported from a file. */
function imported(kind: Kind, id: string, inputs: Values, outputs = inputs): TestResource {
  const resource = scene.resource(kind, "it");
  resource.state = { id, inputs, outputs, unfinished: false };
  return resource;
}

const POD: Values = { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"], ports: ["8000/http"] };
const BY_HAND = {
  name: "by hand",
  image: "python:3.12",
  gpu: { id: "NVIDIA L4", count: 1 },
  ports: ["8000/http"],
  disk: 33,
  env: { A: "1" },
  mounts: { persistent: { size: 20, path: "/data" } },
};

async function podByHand(more: object = {}): Promise<string> {
  const { id } = await call("POST", "/v2/pods", { ...BY_HAND, ...more });
  await scene.emulator.clearRequests();
  return id;
}

test("a pod keeps what the program leaves out, through refreshes and updates", async () => {
  const id = await podByHand({ startSsh: true });
  await call("PATCH", `/v2/pods/${id}`, { locked: true });
  await call("PATCH", `/v2/pods/${id}`, { locked: false });
  await scene.emulator.clearRequests();
  const pod = imported("Pod", id, POD);
  expect(await pod.up(POD)).toBe("unchanged");
  expect(await pod.refresh()).toBe(true);
  expect(await pod.up(POD)).toBe("unchanged");
  expect(pod.outputs).toMatchObject({
    name: "by hand",
    containerDiskInGb: 33,
    volumeInGb: 20,
    volumeMountPath: "/data",
    cloudType: "SECURE",
    env: seal({ A: "1" }),
    costPerHr: expect.any(Number),
    endpointUrls: { "8000": expect.any(String) },
    revision: 1,
  });
  expect(await writes()).toEqual([]);
  const more = { ...POD, ports: ["8000/http", "22/tcp"] };
  expect(await pod.up(more)).toBe("updated");
  expect((await writes()).map(({ body }) => body)).toEqual([{ ports: ["8000/http", "22/tcp"] }]);
  expect(await pod.refresh()).toBe(true);
  expect(await pod.up(more)).toBe("unchanged");
  expect(await call("GET", `/v2/pods/${id}`)).toMatchObject({ name: "by hand", disk: 33 });
  await pod.destroy();
});

test("a pod that was stopped stays stopped while the program does not set its status", async () => {
  const id = await podByHand();
  await call("POST", `/v2/pods/${id}/action`, { action: "stop" });
  await scene.emulator.clearRequests();
  const pod = imported("Pod", id, POD);
  expect(await pod.up(POD)).toBe("unchanged");
  await pod.refresh();
  expect(await pod.up(POD)).toBe("unchanged");
  expect(await pod.up({ ...POD, name: "other" })).toBe("updated");
  expect(await call("GET", `/v2/pods/${id}`)).toMatchObject({ status: "EXITED", name: "other" });
  expect(await pod.up({ ...POD, name: "other", desiredStatus: "RUNNING" })).toBe("updated");
  await pod.destroy();
});

/** Settings that would need a replacement, and the error for each. */
const differing: readonly (readonly [Values, string])[] = [
  [{ gpuCount: 2 }, "gpuCount is 1, but the program sets 2"],
  [{ cloudType: "COMMUNITY" }, 'cloudType is "SECURE", but the program sets "COMMUNITY"'],
  [
    { gpuTypeIds: ["NVIDIA A40"] },
    'gpuTypeIds is "NVIDIA L4", but the program sets ["NVIDIA A40"]',
  ],
  [{ dataCenterIds: ["XX-XX-1"] }, "dataCenterIds is"],
  [
    { networkVolumeId: "vol1" },
    'networkVolumeId is not reported by RunPod, but the program sets "vol1"',
  ],
];

test.each(differing)(
  "a pod is never replaced by a program that differs: %j",
  async (change, told) => {
    const id = await podByHand();
    const pod = imported("Pod", id, POD);
    const program = { ...POD, ...change };
    await expect(pod.up(program)).rejects.toThrow(told);
    await expect(pod.up(program)).rejects.toThrow("pulumi up --replace <urn>");
    await pod.refresh();
    await expect(pod.up(program)).rejects.toThrow(told);
    expect(await pod.up(POD)).toBe("unchanged");
    expect(pod.id).toBe(id);
    expect(await writes()).toEqual([]);
    await pod.destroy();
  },
);

test("a pod is not replaced if file and program agree on a wrong value", async () => {
  const id = await podByHand();
  const both = { ...POD, gpuCount: 2 };
  const pod = imported("Pod", id, both);
  expect(await pod.up(both)).toBe("unchanged");
  await pod.refresh();
  await expect(pod.up(both)).rejects.toThrow("gpuCount is 1, but the program sets 2");
  expect(await pod.up(POD)).toBe("unchanged");
  expect(await writes()).toEqual([]);
  await pod.destroy();
});

test("a pod is updated without a request if the file was wrong and the program is right", async () => {
  const id = await podByHand({ gpu: { id: "NVIDIA L4", count: 2 } });
  const pod = imported("Pod", id, { ...POD, gpuCount: 1, cloudType: "COMMUNITY" });
  expect(await pod.up({ ...POD, gpuCount: 2, cloudType: "SECURE" })).toBe("updated");
  expect(await writes()).toEqual([]);
  expect(pod.outputs).toMatchObject({ gpuCount: 2, costPerHr: expect.any(Number) });
  const more = { ...POD, gpuCount: 3, cloudType: "SECURE" };
  expect(await pod.up(more)).toBe("replaced");
  await pod.destroy();
});

const VOLUME: Values = { size: 20, dataCenterId: "EU-RO-1" };

describe("a volume", () => {
  let id: string;
  beforeEach(async () => {
    const body = { name: "by hand", size: 20, dataCenter: "EU-RO-1" };
    ({ id } = await call("POST", "/v2/network-volumes", body));
    await scene.emulator.clearRequests();
  });
  afterEach(() => call("DELETE", `/v2/network-volumes/${id}`));

  test("keeps its name, and its type once the program sets it", async () => {
    const volume = imported("Volume", id, { ...VOLUME, dataCenterId: "eu-ro-1" });
    expect(await volume.up(VOLUME)).toBe("unchanged");
    expect(await volume.refresh()).toBe(true);
    expect(await volume.up(VOLUME)).toBe("unchanged");
    expect(await volume.up({ ...VOLUME, type: "STANDARD" })).toBe("unchanged");
    expect(volume.outputs).toMatchObject({ name: "by hand", type: "STANDARD" });
    expect(await writes()).toEqual([]);
  });

  test.each([
    ["dataCenterId", { dataCenterId: "US-KS-2" }],
    ["type", { type: "HIGH_PERFORMANCE" }],
  ])(
    "is not replaced by another %s before it was observed, allowReplace or not",
    async (field, change) => {
      const volume = imported("Volume", id, VOLUME);
      const program = { ...VOLUME, ...change, allowReplace: true };
      await expect(volume.up(program)).rejects.toThrow(`${field} is `);
      const refused = await volume.up({ ...VOLUME, ...change }).catch(() => "failed");
      expect(refused).toBe(field === "type" ? "failed" : "refused");
      expect(await writes()).toEqual([]);
    },
  );

  test("grows in place", async () => {
    const volume = imported("Volume", id, VOLUME);
    expect(await volume.up({ ...VOLUME, size: 30 })).toBe("updated");
    expect((await writes()).map(({ body }) => body)).toEqual([{ size: 30 }]);
    expect(volume.outputs).toMatchObject({ name: "by hand", type: "STANDARD", size: 30 });
  });
});

test("a template keeps its flags and its disk, and is never replaced", async () => {
  const body = {
    name: "by hand",
    image: "python:3.12",
    disk: 70,
    startSsh: false,
    mounts: { persistent: { size: 20, path: "/data" } },
  };
  const { id } = await call("POST", "/v2/templates", body);
  await scene.emulator.clearRequests();
  const given = { imageName: "python:3.12" };
  for (const file of [given, { ...given, volumeInGb: 20, volumeMountPath: "/data" }]) {
    const template = imported("Template", id, file);
    expect(await template.up(given)).toBe("unchanged");
    expect(await template.refresh()).toBe(true);
    expect(await template.up(given)).toBe("unchanged");
    expect(template.outputs).toMatchObject({ name: "by hand", startSsh: false, volumeInGb: 20 });
  }
  expect(await writes()).toEqual([]);
  const template = imported("Template", id, given);
  expect(await template.up({ ...given, imageName: "python:3.13" })).toBe("updated");
  expect((await writes()).map(({ body }) => body)).toEqual([{ image: "python:3.13" }]);
  await template.destroy();
});
