import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Pod } from "@runpod-stack/openapi";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody, templateBody, volumeBody } from "./bodies";

const H100 = "NVIDIA H100 80GB HBM3";

function clusterBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "train",
    type: "TRAINING",
    image: "runpod/pytorch:2.8.0-py3.11-cuda12.8.1",
    compute: { gpuTypeId: H100, gpuCountPerPod: 8, podCount: 2 },
    ...changes,
  };
}

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const call = (method: string, to: string, body?: unknown) => emulator.call(method, to, body);
const refusal = async (changes: Record<string, unknown>) => {
  const { status, body } = await call("POST", "/v2/clusters", clusterBody(changes));
  return [status, body.detail];
};
const create = async (changes: Record<string, unknown> = {}) => {
  const { status, body } = await call("POST", "/v2/clusters", clusterBody(changes));
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
};
const pods = async (id: string): Promise<Pod[]> =>
  (await call("GET", `/v2/clusters/${id}/pods`)).body.pods;

test("a cluster is created, placed, renamed, and gone with its pods once deleted", async () => {
  const created = await create();
  const { id } = created;
  expect(created).toEqual({
    id,
    name: "train",
    type: "TRAINING",
    compute: { gpuTypeId: H100, gpuCountPerPod: 8, podCount: 2 },
    pods: { total: 2, byStatus: { PROVISIONING: 2 } },
    createdAt: expect.any(String),
  });
  const [first, second] = (await pods(id)) as [Pod, Pod];
  expect([first, second]).toMatchObject([
    { name: "train-0", gpu: { id: H100, count: 8 }, cluster: { id, rank: 0, ip: "10.65.0.2" } },
    { name: "train-1", cluster: { id, rank: 1, ip: "10.65.0.3" } },
  ]);
  expect(first.dataCenterId).toBe(second.dataCenterId);
  expect((await call("GET", `/v2/clusters/${id}`)).body).toMatchObject({
    dataCenterId: first.dataCenterId,
    network: { cidr: "10.65.0.0/24" },
    primary: { podId: first.id, status: "RUNNING" },
    pods: { total: 2, byStatus: { RUNNING: 2 } },
  });
  const renamed = await call("PATCH", `/v2/clusters/${id}`, { name: "train 2" });
  expect(renamed.body).toMatchObject({ id, name: "train 2" });

  expect((await call("DELETE", `/v2/clusters/${id}`)).status).toBe(204);
  expect((await call("GET", `/v2/clusters/${id}`)).status).toBe(404);
  expect((await call("GET", `/v2/pods/${first.id}`)).status).toBe(404);
  const { clusters, pods: entries } = await emulator.ledger();
  expect(clusters).toMatchObject([{ id, name: "train 2", endedAt: expect.any(String) }]);
  expect(entries).toMatchObject([
    { id: first.id, clusterId: id, costPerHr: 0, endedAt: expect.any(String) },
    { id: second.id, clusterId: id, costPerHr: 0, endedAt: expect.any(String) },
  ]);
});

test("a pod is billed by the price of clusters, and knows where the others are", async () => {
  const { id } = await create({ disk: 1, env: { A: "1" } });
  const own = (await call("POST", "/v2/pods", podBody())).body;
  const [first, second] = (await pods(id)) as [Pod, Pod];
  expect(first.cost).toBeCloseTo(own.cost * 8 * 1.2, 5);
  expect(second.env).toMatchObject({
    A: "1",
    MASTER_ADDR: "10.65.0.2",
    NODE_ADDR: "10.65.0.3",
    NODE_RANK: "1",
    NUM_NODES: "2",
    WORLD_SIZE: "16",
  });
});

test.each([
  ["SLURM", ["SLURM_CONTROLLER", "SLURM_COMPUTE"]],
  ["RAY", ["RAY_HEAD", "RAY_WORKER"]],
  ["APPLICATION", [undefined, undefined]],
])("the pods of a %s cluster have their roles", async (type, roles) => {
  const { id } = await create({ type });
  expect((await pods(id)).map(({ cluster }) => cluster?.role)).toEqual(roles);
});

test("the primary pod's SSH address is that of its port 22", async () => {
  const { id } = await create({ ports: ["22/tcp"], startSsh: true });
  const [first] = await pods(id);
  const { host, port } = first?.ssh?.direct ?? {};
  const { primary } = (await call("GET", `/v2/clusters/${id}`)).body;
  expect(primary.sshEndpoint).toBe(`${host}:${port}`);
});

describe("the pods of a cluster", () => {
  test("are listed only if asked for, which leaves pages short or empty", async () => {
    const { body: own } = await call("POST", "/v2/pods", podBody());
    const { id } = await create();
    const page = async (query: string) => (await call("GET", `/v2/pods${query}`)).body;
    expect((await page("")).pods).toMatchObject([{ id: own.id }]);
    expect((await page("?includeClusterPods=true")).pods).toHaveLength(3);
    expect(await page("?limit=2")).toMatchObject({ pods: [], pagination: { hasNextPage: true } });
    expect((await call("GET", "/v2/clusters")).body.clusters).toMatchObject([{ id }]);
  });

  test("are changed, stopped and deleted through their cluster alone", async () => {
    const { id } = await create();
    const [pod] = (await pods(id)) as [Pod];
    const at = `/v2/pods/${pod.id}`;
    const answers = await Promise.all([
      call("PATCH", at, { name: "mine" }),
      call("POST", `${at}/action`, { action: "stop" }),
      call("DELETE", at),
    ]);
    const detail = `pod "${pod.id}" belongs to cluster "${id}" and is managed through it`;
    expect(answers).toMatchObject(answers.map(() => ({ status: 409, body: { detail } })));
    expect((await call("GET", at)).body.status).toBe("RUNNING");
  });
});

describe("refusals", () => {
  test.each<[string, Record<string, unknown>, unknown]>([
    ["no container", { image: undefined }, [400, "image is required unless templateId is set"]],
    ["a GPU type that RunPod does not have", gpu("GT 710"), [400, 'GPU type "GT 710" not found']],
    ["a GPU type without the network", gpu("NVIDIA L4"), [400, "Insufficient resources"]],
    ["more GPUs than a machine has", gpu(H100, 9), [400, "Insufficient resources"]],
    ["a data center that does not exist", { dataCenterIds: ["X-1"] }, [400, expect.any(String)]],
    [
      "a template that does not exist",
      { image: undefined, templateId: "t" },
      [404, 'template "t" not found'],
    ],
    ["a name that is too long", { name: "n".repeat(192) }, [400, expect.stringMatching("191")]],
    ["one pod", gpu(H100, 8, 1), [422, expect.any(String)]],
    ["251 pods", gpu(H100, 8, 251), [422, expect.any(String)]],
    ["registry credentials", { registry: "r" }, [422, expect.any(String)]],
  ])("%s", async (_, changes, answer) => {
    expect(await refusal(changes)).toEqual(answer);
    expect((await emulator.ledger()).pods).toEqual([]);
  });

  test.each([
    { image: "python:3.12" },
    { args: "sleep 1" },
    { entrypoint: ["sh"] },
    { cmd: ["sh"] },
    { disk: 20 },
    { env: {} },
    { ports: [] },
    { mounts: {} },
  ])("a template together with %j", async (setting) => {
    const { id } = (await call("POST", "/v2/templates", templateBody())).body;
    const [field] = Object.keys(setting);
    const changes = { image: undefined, templateId: id, ...setting };
    expect(await refusal(changes)).toEqual([400, `templateId and ${field} are mutually exclusive`]);
  });

  test("more pods than one data center has room for, though all together have it", async () => {
    await call("POST", "/_emulator/capacity", { gpuTypeId: H100, available: 0 });
    for (const dataCenterId of ["EU-RO-1", "US-KS-2"]) {
      const room = { gpuTypeId: H100, available: 8, dataCenterId };
      await call("POST", "/_emulator/capacity", room);
    }
    expect(await refusal({})).toEqual([400, "Insufficient resources"]);
  });

  test("less money than all pods cost in an hour", async () => {
    await call("POST", "/_emulator/accounts/1", { balance: 50 });
    expect((await refusal({}))[0]).toBe(402);
    expect((await emulator.ledger()).pods).toEqual([]);
  });
});

test("a template gives the pods their container, and stays while they exist", async () => {
  const { id } = (await call("POST", "/v2/templates", templateBody({ env: { A: "1" } }))).body;
  const cluster = await create({ image: undefined, templateId: id });
  expect(cluster.template).toBe(id);
  expect((await pods(cluster.id))[1]).toMatchObject({
    image: "vllm/vllm-openai:v0.11.0",
    env: { A: "1" },
  });
  expect((await call("DELETE", `/v2/templates/${id}`)).status).toBe(400);
});

test("a network volume decides the data center", async () => {
  const volume = (await call("POST", "/v2/network-volumes", volumeBody())).body;
  const mounts = { network: [{ volumeId: volume.id, path: "/data" }] };
  const { id } = await create({ mounts });
  expect((await pods(id)).map(({ dataCenterId }) => dataCenterId)).toEqual(["EU-RO-1", "EU-RO-1"]);
  expect(await refusal({ mounts, dataCenterIds: ["US-KS-2"] })).toEqual([
    400,
    "Insufficient resources",
  ]);
  const unknown = { network: [{ volumeId: "none", path: "/data" }] };
  expect((await refusal({ mounts: unknown }))[0]).toBe(404);
});

test("tags are attached to clusters", async () => {
  const { id } = await create();
  const tag = (await call("POST", "/v2/tags", { key: "team", value: "ml" })).body;
  const to = (cluster: string) => `/v2/tags/${tag.id}/resources/CLUSTER/${cluster}`;
  expect((await call("PUT", to(id))).status).toBe(204);
  expect((await call("PUT", to("none"))).status).toBe(404);
});

test("a cluster with its pods survives a restart of the emulator", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "runpod-emulator-"));
  const options = { stateFile: path.join(folder, "state.json") };
  const first = await startTestEmulator(options);
  const { id } = (await first.call("POST", "/v2/clusters", clusterBody())).body;
  const before = (await first.call("GET", `/v2/clusters/${id}`)).body;
  await first.close();
  const second = await startTestEmulator(options);
  expect((await second.call("GET", `/v2/clusters/${id}`)).body).toEqual(before);
  expect((await second.call("DELETE", `/v2/clusters/${id}`)).status).toBe(204);
  expect((await second.ledger()).pods).toMatchObject([{ clusterId: id }, { clusterId: id }]);
  await second.close();
  rmSync(folder, { recursive: true });
});

function gpu(gpuTypeId: string, gpuCountPerPod = 8, podCount = 2) {
  return { compute: { gpuTypeId, gpuCountPerPod, podCount } };
}
