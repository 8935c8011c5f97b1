import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { endpointBody, templateBody, volumeBody } from "./bodies";

const REQUEST_COUNT = { type: "REQUEST_COUNT", requestCount: 2 };
const ONE_OF_A40 = { pools: ["AMPERE_48"], excludedTypes: ["NVIDIA RTX A6000"] };

describe("/v2/serverless", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = (changes: Record<string, unknown> = {}) =>
    emulator.call("POST", "/v2/serverless", endpointBody(changes));
  const created = async (changes: Record<string, unknown> = {}): Promise<string> =>
    (await create(changes)).body.id;
  const get = (path: string) => emulator.call("GET", `/v2/serverless/${path}`);
  const patch = (id: string, body: unknown) => emulator.call("PATCH", `/v2/serverless/${id}`, body);
  const remove = (id: string) => emulator.call("DELETE", `/v2/serverless/${id}`);

  test("an endpoint is created with RunPod's defaults, and has the addresses of its queue", async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    const base = `${emulator.url}/serverless/v2/${body.id}`;
    expect(body).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{14}$/),
      name: "answers",
      type: "QUEUE",
      image: "runpod/worker-v1-vllm:v2.22.4",
      env: { MODEL_NAME: "Qwen/Qwen2.5-7B-Instruct" },
      args: "",
      entrypoint: [],
      cmd: [],
      disk: 60,
      ports: [],
      registry: null,
      gpu: {
        pools: ["AMPERE_48", "ADA_48_PRO"],
        excludedTypes: [],
        count: 1,
        allowedCudaVersions: [],
        minCudaVersion: null,
      },
      workers: { min: 0, max: 3, idleTimeout: 10 },
      scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
      dataCenterIds: [],
      networkVolumes: [],
      timeout: 0,
      flashboot: "OFF",
      createdAt: expect.any(String),
      requestUrls: {
        run: `${base}/run`,
        runSync: `${base}/runsync`,
        status: `${base}/status`,
        stream: `${base}/stream`,
        cancel: `${base}/cancel`,
        retry: `${base}/retry`,
        purgeQueue: `${base}/purge-queue`,
        health: `${base}/health`,
      },
    });
    expect((await get(body.id)).body).toEqual(body);
    expect((await get("")).status).toBe(404);
    expect((await emulator.call("GET", "/v2/serverless")).body.endpoints).toEqual([body]);
  });

  test("a load balancer has a base address, and scales on its requests only", async () => {
    const { body } = await create({
      type: "LOAD_BALANCER",
      scaling: REQUEST_COUNT,
      env: { HEALTH_CHECK_PATH: "/health" },
    });
    const base = `${emulator.url}/lb/${body.id}`;
    expect(body.requestUrls).toEqual({ base, health: `${base}/health` });
    expect((await create({ type: "LOAD_BALANCER" })).status).toBe(422);
    expect((await patch(body.id, { scaling: endpointBody()["scaling"] })).status).toBe(422);
  });

  test("CPU endpoints show the memory of each choice, and keep their family", async () => {
    const cpu = [{ id: "cpu3c", vcpuCount: 2 }];
    const { body } = await create({ gpu: undefined, cpu });
    expect(body.cpu).toEqual([{ id: "cpu3c", vcpuCount: 2, memory: 4 }]);
    expect(body.gpu).toBeNull();
    const wider = [{ id: "cpu3c", vcpuCount: 8 }];
    expect((await patch(body.id, { cpu: wider })).body.cpu).toEqual([{ ...wider[0], memory: 16 }]);
    expect((await patch(body.id, { cpu: [{ id: "cpu5c", vcpuCount: 2 }] })).status).toBe(400);
    expect((await patch(body.id, { gpu: { count: 2 } })).status).toBe(400);
  });

  test.each<[string, number, Record<string, unknown>]>([
    ["neither gpu nor cpu", 400, { gpu: undefined }],
    ["both gpu and cpu", 400, { cpu: [{ id: "cpu3c", vcpuCount: 2 }] }],
    ["no image", 422, { image: undefined }],
    ["no name", 422, { name: undefined }],
    ["no scaling", 422, { scaling: undefined }],
    ["an unknown field", 422, { modelReferences: ["a/b"] }],
    ["a name of a pool that does not exist", 400, { gpu: { pools: ["ADA_25"] } }],
    [
      "an excluded type outside the pools",
      400,
      { gpu: { pools: ["ADA_24"], excludedTypes: ["NVIDIA L4"] } },
    ],
    [
      "exclusions that leave nothing",
      400,
      { gpu: { pools: ["ADA_24"], excludedTypes: ["NVIDIA GeForce RTX 4090"] } },
    ],
    [
      "an exclusion with a hyphen",
      422,
      { gpu: { pools: ["ADA_24"], excludedTypes: ["-NVIDIA L4"] } },
    ],
    [
      "both CUDA constraints",
      400,
      { gpu: { pools: ["ADA_24"], allowedCudaVersions: ["12.8"], minCudaVersion: "12.4" } },
    ],
    ["an odd number of vCPUs", 400, { gpu: undefined, cpu: [{ id: "cpu3c", vcpuCount: 3 }] }],
    ["a minimum above the maximum", 400, { workers: { min: 4 } }],
    ["an idle timeout of more than an hour", 422, { workers: { idleTimeout: 3601 } }],
    [
      "an idle timeout with REQUEST_COUNT on a queue",
      422,
      { scaling: REQUEST_COUNT, workers: { idleTimeout: 5 } },
    ],
    ["a short queue delay", 422, { scaling: { type: "QUEUE_DELAY", queueDelay: 0.4 } }],
    ["an unknown template", 404, { templateId: "none" }],
    ["an unknown network volume", 404, { networkVolumes: ["none"] }],
    ["an unknown registry", 404, { registry: "none" }],
    ["a wrong port", 400, { ports: ["0/http"] }],
  ])("%s is refused with %i", async (_, status, changes) => {
    expect((await create(changes)).status).toBe(status);
    expect((await emulator.ledger()).endpoints).toEqual([]);
  });

  test("pools and exclusions are one selection, and CUDA constraints are changed one by one", async () => {
    const id = await created({ gpu: { ...ONE_OF_A40, minCudaVersion: "12.8" } });
    const change = async (gpu: unknown) => (await patch(id, { gpu })).body.gpu;
    expect(await change({ count: 2 })).toMatchObject({ ...ONE_OF_A40, count: 2 });
    expect((await patch(id, { gpu: { excludedTypes: [] } })).status).toBe(422);
    expect(await change({ pools: [" ADA_24 "] })).toMatchObject({
      pools: ["ADA_24"],
      excludedTypes: [],
      minCudaVersion: "12.8",
    });
    expect((await patch(id, { gpu: { allowedCudaVersions: ["13.0"] } })).status).toBe(400);
    const allowed = { allowedCudaVersions: ["13.0"], minCudaVersion: "" };
    expect(await change(allowed)).toMatchObject({ ...allowed, minCudaVersion: null });
    expect(await change({ allowedCudaVersions: [] })).toMatchObject({ allowedCudaVersions: [] });
  });

  test("a template is resolved once, and must be one for serverless", async () => {
    const template = async (changes: object) =>
      (await emulator.call("POST", "/v2/templates", templateBody({ ...changes }))).body.id;
    const env = { A: "1", B: "2" };
    const templateId = await template({
      serverless: true,
      env,
      disk: 33,
      allowedCudaVersions: ["13.0"],
    });
    const { body } = await create({
      image: undefined,
      disk: undefined,
      env: { B: "3" },
      templateId,
    });
    expect(body).toMatchObject({ image: "vllm/vllm-openai:v0.11.0", disk: 33 });
    expect(body.env).toEqual({ A: "1", B: "3" });
    expect(body.gpu.allowedCudaVersions).toEqual(["13.0"]);
    expect(body).not.toHaveProperty("templateId");
    await emulator.call("PATCH", `/v2/templates/${templateId}`, { disk: 50 });
    expect((await get(body.id)).body.disk).toBe(33);
    expect((await emulator.call("DELETE", `/v2/templates/${templateId}`)).status).toBe(204);
    expect((await create({ templateId: await template({ serverless: false }) })).status).toBe(422);
  });

  test("the platform's own template shows, cannot be deleted, and goes with the endpoint", async () => {
    const id = await created();
    const { templates } = (await emulator.call("GET", "/v2/templates")).body;
    expect(templates).toMatchObject([{ name: "answers", serverless: true }]);
    const template = `/v2/templates/${templates[0].id}`;
    expect((await emulator.call("GET", template)).body).toEqual(templates[0]);
    expect((await emulator.call("DELETE", template)).status).toBe(400);
    expect((await emulator.call("PATCH", template, { disk: 50 })).status).toBe(400);
    await patch(id, { name: "renamed" });
    expect((await emulator.call("GET", template)).body.name).toBe("renamed");
    await remove(id);
    expect((await emulator.call("GET", template)).status).toBe(404);
    expect((await emulator.call("GET", "/v2/templates")).body.templates).toEqual([]);
  });

  test("network volumes are one per data center, confine the endpoint, and are held by it", async () => {
    const volume = async (dataCenter: string) =>
      (await emulator.call("POST", "/v2/network-volumes", volumeBody({ dataCenter }))).body.id;
    const [romania, other, kansas] = [
      await volume("EU-RO-1"),
      await volume("EU-RO-1"),
      await volume("US-KS-2"),
    ];
    expect((await create({ networkVolumes: [romania, other] })).status).toBe(400);
    expect((await create({ networkVolumes: [romania], dataCenterIds: ["US-KS-2"] })).status).toBe(
      400,
    );
    const id = await created({ networkVolumes: [romania, kansas] });
    const held = await emulator.call("DELETE", `/v2/network-volumes/${kansas}`);
    expect(held).toMatchObject({
      status: 400,
      body: { detail: `network volume "${kansas}" is in use by endpoint ${id}` },
    });
    expect((await patch(id, { networkVolumes: [] })).body.networkVolumes).toEqual([]);
    expect((await emulator.call("DELETE", `/v2/network-volumes/${kansas}`)).status).toBe(204);
  });

  test("a global volume excludes network volumes, and needs GPUs", async () => {
    expect((await create({ globalVolumes: ["gsb_none"] })).status).toBe(404);
    const shared = await emulator.call("POST", "/v2/global-volumes", { name: "shared" });
    const globalVolumes = [shared.body.id];
    expect((await create({ globalVolumes })).body.globalVolumes).toEqual(globalVolumes);
    const { id } = (await emulator.call("POST", "/v2/network-volumes", volumeBody())).body;
    expect((await create({ globalVolumes, networkVolumes: [id] })).status).toBe(400);
    const cpu = [{ id: "cpu3c", vcpuCount: 2 }];
    expect((await create({ globalVolumes, gpu: undefined, cpu })).status).toBe(400);
    expect((await create({ globalVolumes: ["a", "b"] })).status).toBe(422);
  });

  test("workers of all endpoints together stay within the quota that the balance gives", async () => {
    await emulator.call("POST", "/_emulator/accounts/1", { balance: 99 });
    const id = await created();
    const refused = await create();
    expect(refused.status).toBe(400);
    expect(refused.body.detail).toContain("your worker quota of 5");
    expect((await patch(id, { workers: { max: 6 } })).status).toBe(400);
    expect((await patch(id, { workers: { max: 5 } })).status).toBe(200);
    await emulator.call("POST", "/_emulator/accounts/1", { balance: 100 });
    expect((await create({ workers: { max: 5 } })).status).toBe(201);
  });

  test("a change of the container makes a release, and one of the scaling does not", async () => {
    const id = await created();
    const releases = async (query = "") => (await get(`${id}/releases${query}`)).body;
    expect(await releases()).toMatchObject({ endpointVersion: 1, releases: [{ diff: [] }] });
    await patch(id, { workers: { max: 2 }, scaling: REQUEST_COUNT, timeout: 60_000, name: "x" });
    await patch(id, { disk: 60 });
    expect((await releases()).endpointVersion).toBe(1);
    await patch(id, { image: "runpod/worker-v1-vllm:v2.23.0", workers: { max: 1 } });
    const { releases: all, ...rest } = await releases();
    expect(rest).toEqual({
      endpointVersion: 2,
      rollout: { inProgress: false, workersOnLatest: 0, workersTotal: 0, percentOnLatest: 0 },
      pagination: { nextCursor: null, hasNextPage: false },
    });
    expect(all[0]).toMatchObject({
      version: 2,
      source: "MANUAL",
      buildId: null,
      diff: [
        {
          field: "template.imageName",
          old: "runpod/worker-v1-vllm:v2.22.4",
          new: "runpod/worker-v1-vllm:v2.23.0",
        },
        { field: "workers.max", old: 2, new: 1 },
      ],
    });
    const page = await releases("?limit=1");
    expect(page.releases).toEqual([all[0]]);
    expect((await releases(`?limit=1&cursor=${page.pagination.nextCursor}`)).releases).toEqual([
      all[1],
    ]);
  });

  test("a change of env replaces it, and of the type is refused", async () => {
    const id = await created({ env: { A: "1" } });
    expect((await patch(id, { env: { B: "2" } })).body.env).toEqual({ B: "2" });
    expect((await patch(id, { type: "LOAD_BALANCER" })).status).toBe(422);
    expect((await patch("none", {})).status).toBe(404);
  });

  test("a deleted endpoint is gone immediately, and its cost is kept", async () => {
    const id = await created();
    expect((await remove(id)).status).toBe(204);
    expect((await remove(id)).status).toBe(404);
    for (const path of [id, `${id}/workers`, `${id}/releases`]) {
      expect((await get(path)).status).toBe(404);
    }
    const { endpoints, templates } = await emulator.ledger();
    expect(endpoints).toMatchObject([{ id, name: "answers", costPerHr: 0, spent: 0 }]);
    expect(endpoints[0]?.endedAt).not.toBeNull();
    expect(templates).toEqual([]);
  });

  test("without requests an endpoint has no workers", async () => {
    const id = await created();
    const none = { running: 0, idle: 0, initializing: 0, throttled: 0, unhealthy: 0, total: 0 };
    expect((await get(`${id}/workers`)).body).toEqual({
      workers: [],
      summary: none,
      endpointVersion: 1,
    });
  });

  test("the newest comes first, and a new one may be missing from lists for a time", async () => {
    const names = async () =>
      (await emulator.call("GET", "/v2/serverless?limit=2")).body.endpoints.map(
        ({ name }: { name: string }) => name,
      );
    for (const name of ["a", "b"]) {
      await create({ name });
    }
    await emulator.fault("lag:60000:list", { method: "POST", path: "^/v2/serverless$", times: 1 });
    const id = await created({ name: "c" });
    expect(await names()).toEqual(["b", "a"]);
    expect((await get(id)).status).toBe(200);
    await emulator.advance(61);
    expect(await names()).toEqual(["c", "b"]);
  });

  test("another account sees nothing of it", async () => {
    const two = await startTestEmulator({ apiKeys: ["rpa_one", "rpa_two"] });
    const { id } = (await two.call("POST", "/v2/serverless", endpointBody())).body;
    const other = { authorization: "Bearer rpa_two" };
    for (const path of [`/${id}`, `/${id}/workers`, `/${id}/releases`]) {
      expect((await two.call("GET", `/v2/serverless${path}`, undefined, other)).status).toBe(404);
    }
    await two.close();
  });

  test("the catalog names the pool of a GPU type and its serverless price", async () => {
    const type = async (id: string) =>
      (await emulator.call("GET", `/v2/catalog/gpus/${encodeURIComponent(id)}`)).body;
    expect(await type("NVIDIA A40")).toMatchObject({
      pool: "AMPERE_48",
      price: { serverless: 1.224 },
    });
    const other = await type("AMD Instinct MI300X OAM");
    expect(other.pool).toBeNull();
    expect(other.price).not.toHaveProperty("serverless");
  });
});
