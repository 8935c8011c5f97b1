import type { Values } from "@runpod-stack/provider/schema";
import { type FaultScene, inputsOf, startFaultScene } from "../support/faults";
import { OWNER } from "../support/resource";

const H100 = "NVIDIA H100 80GB HBM3";
const base = inputsOf("Cluster");
const CREATE = { method: "POST", path: "^/v2/clusters$", times: 1 };

// Lookups after a lost answer take their time.
jest.setTimeout(60_000);

let scene: FaultScene;
beforeAll(async () => {
  scene = await startFaultScene();
});
afterEach(async () => {
  await scene.emulator.reset();
  // The first id after a reset is always the same.
  scene.state.forget(OWNER);
  await scene.kill();
});
afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) =>
  (await scene.emulator.call(method, path, body)).body;
const ids = async () => (await scene.live("Cluster")).map(({ id }) => id);
const paths = async () =>
  (await scene.emulator.requests()).map(({ method, path }) => `${method} ${path}`);

test("a cluster is placed, renamed in place, read from one list, and deleted with its pods", async () => {
  const cluster = scene.resource("Cluster", "train");
  await cluster.up({ ...base, dataCenterIds: ["eu-ro-1"] });
  const { id, outputs } = cluster;
  const { pods } = await call("GET", `/v2/clusters/${id}/pods`);
  expect(outputs).toMatchObject({
    name: expect.stringMatching(/^train-[0-9a-f]{10}$/),
    type: "TRAINING",
    gpuTypeId: H100,
    dataCenterId: "EU-RO-1",
    primaryPodId: pods[0].id,
    podIds: [pods[0].id, pods[1].id],
    costPerHr: expect.closeTo(pods[0].cost + pods[1].cost, 5),
    createdAt: expect.any(String),
  });
  expect(await cluster.up({ ...base, dataCenterIds: ["EU-RO-1"], name: "other" })).toBe("updated");
  expect(cluster.outputs).toMatchObject({ podIds: outputs["podIds"] });
  await scene.pass(6);
  await scene.emulator.clearRequests();
  expect(await cluster.refresh()).toBe(true);
  expect(await paths()).toEqual(["GET /v2/clusters"]);
  await cluster.destroy();
  expect([await ids(), await scene.live("Pod")]).toEqual([[], []]);
});

test("GPU types are tried in order, and the error names them all", async () => {
  await call("POST", "/_emulator/capacity", { gpuTypeId: H100, available: 0 });
  const cluster = scene.resource("Cluster", "train");
  await cluster.up({ ...base, gpuTypeIds: [H100, "NVIDIA H200"] });
  expect(cluster.outputs).toMatchObject({
    gpuTypeId: "NVIDIA H200",
    gpuTypeIds: [H100, "NVIDIA H200"],
  });
  expect(await cluster.up({ ...base, gpuTypeIds: ["NVIDIA H200"] })).toBe("updated");

  const other = scene.resource("Cluster", "other");
  await expect(other.up({ ...base, gpuTypeIds: [H100, "NVIDIA L4"] })).rejects.toThrow(
    /Creating cluster 'other-\w+': none of the requested GPU types is available\.\n {2}NVIDIA H100 80GB HBM3: no capacity\n {2}NVIDIA L4: no capacity\nNothing was created and nothing is billed\. Add GPU types to gpuTypeIds, accept more dataCenterIds, lower podCount, or try again later\./,
  );
  expect(scene.output()).toContain(
    'gpuTypeIds "NVIDIA L4" is not a GPU type that RunPod documents for clusters',
  );
  expect(await ids()).toEqual([cluster.id]);
});

test.each(["reset:after", "status:500:after", "truncate:30"])(
  "a lost answer (%s) results in one cluster, which is in the state",
  async (fault) => {
    await scene.emulator.fault(fault, CREATE);
    const cluster = scene.resource("Cluster", "train");
    await cluster.up(base);
    expect(await ids()).toEqual([cluster.id]);
    expect(cluster.outputs["podIds"]).toHaveLength(2);
    expect(await cluster.up(base)).toBe("unchanged");
  },
);

describe("the cluster of an interrupted run", () => {
  const interrupted = async (inputs: Values) => {
    const id = await scene.resource("Cluster", "train").cutOff(inputs);
    await scene.kill();
    scene.beginRun();
    return id;
  };

  test("is adopted, and never created a second time", async () => {
    const id = await interrupted(base);
    const cluster = scene.resource("Cluster", "train");
    await cluster.up(base);
    expect([cluster.id, await ids()]).toEqual([id, [id]]);
    expect(scene.output()).toContain(
      `adopting ${id}, which an interrupted run of this stack created`,
    );
    expect(await cluster.up(base)).toBe("unchanged");
  });

  test.each<[string, Values]>([
    ["another size", { podCount: 3 }],
    ["another image, which only its pods show", { imageName: "python:3.13" }],
    ["another variable", { env: { EDITION: "2" } }],
    ["another GPU type", { gpuTypeIds: ["NVIDIA H200"] }],
  ])("is deleted if the program wants %s", async (_, changes) => {
    const id = await interrupted(base);
    const cluster = scene.resource("Cluster", "train");
    await cluster.up({ ...base, ...changes });
    expect(cluster.id).not.toBe(id);
    expect(await ids()).toEqual([cluster.id]);
    expect(scene.output()).toContain(`deleting ${id}: an interrupted run`);
  });

  test("with a name that the program chose is reported, and nothing is created", async () => {
    const named = { ...base, name: "mine" };
    const id = await interrupted(named);
    await expect(scene.resource("Cluster", "train").up(named)).rejects.toThrow(
      /the account already has one with that name \(\w+\).*An interrupted run of this stack may have created it/,
    );
    expect(await ids()).toEqual([id]);
  });
});

test("its pods are never taken for anything left behind, and the cluster itself is", async () => {
  const cluster = scene.resource("Cluster", "train");
  await cluster.up(base);
  const { id } = cluster;
  cluster.state = undefined;
  const warning = await scene.disown(OWNER);
  expect(warning).toContain(`cluster ${id} 'train-`);
  expect(warning).toContain(`2 pods of 1 × ${H100}`);
  expect(warning).not.toMatch(/pod \w{14} /);
  expect(await scene.live("Pod")).toHaveLength(2);
});

test("a replacement is announced with what it ends", async () => {
  const cluster = scene.resource("Cluster", "train");
  await cluster.up(base);
  expect(await cluster.up({ ...base, podCount: 3 })).toBe("replaced");
  expect(scene.output()).toMatch(
    /warning: cluster 'train-\w+' will be deleted and recreated because of podCount: its 2 pods and their disks will be lost\./,
  );
  expect(cluster.outputs["podIds"]).toHaveLength(3);
});

describe("an imported cluster", () => {
  const imported = async (program: Values) => {
    const body = {
      name: "by hand",
      type: "TRAINING",
      image: "ubuntu:24.04",
      compute: { gpuTypeId: H100, gpuCountPerPod: 1, podCount: 2 },
    };
    const { id } = await call("POST", "/v2/clusters", body);
    const cluster = scene.resource("Cluster", "it");
    const given: Values = { name: "by hand", gpuTypeIds: [H100], gpuCount: 1, podCount: 2 };
    cluster.state = { id, inputs: given, outputs: given, unfinished: false };
    expect(await cluster.refresh()).toBe(true);
    return { cluster, step: cluster.up({ ...given, ...program }) };
  };

  test("is compared with the program, and managed from then on", async () => {
    const { cluster, step } = await imported({ imageName: "ubuntu:24.04" });
    expect(await step).toBe("updated");
    expect(cluster.outputs["podIds"]).toHaveLength(2);
    await cluster.destroy();
    expect(await ids()).toEqual([]);
  });

  test("is never replaced because the program differs", async () => {
    const { cluster, step } = await imported({ imageName: "python:3.12" });
    await expect(step).rejects.toThrow(
      'imageName is "ubuntu:24.04", but the program sets "python:3.12"',
    );
    expect(await ids()).toEqual([cluster.id]);
  });
});

test.each<[Values, string]>([
  [{ imageName: undefined }, "imageName is required. Set it, or use a template."],
  [{ podCount: 1 }, "podCount 1 must be a whole number of pods, from 2 to 250."],
  [{ gpuTypeIds: ["H100"] }, 'gpuTypeIds[0] "H100" is not a GPU type. Did you mean'],
  [{ templateId: "t" }, 'imageName "ubuntu:24.04" cannot be combined with templateId'],
  [
    { templateId: "t", imageName: undefined, env: { A: "1" } },
    "env cannot be combined with templateId",
  ],
  [
    { volumeInGb: 20, networkVolumeId: "v" },
    "volumeInGb 20 cannot be combined with networkVolumeId",
  ],
  [{ volumeMountPath: "/data" }, 'volumeMountPath "/data" has no volume to mount'],
  [{ containerRegistryAuthId: "r" }, "containerRegistryAuthId"],
])("%j is refused at preview", async (changes, message) => {
  const cluster = scene.resource("Cluster", "train");
  const given = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== undefined);
  expect(await cluster.up(Object.fromEntries(given))).toBe("refused");
  expect(cluster.failures.join("\n")).toContain(message);
});
