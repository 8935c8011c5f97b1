import { readFileSync } from "node:fs";
import {
  type OpenApiDocument,
  zCluster,
  zDataCenter,
  zEndpoint,
  zGpuType,
  zListEndpointReleasesResponse,
  zListEndpointWorkersResponse,
  zNetworkVolume,
  zPagination,
  zPod,
  zTemplate,
} from "@runpod-stack/openapi";
import { Contract, type Exchange, type Violation } from "../support/contract";
import { type ContractScene, startContractScene } from "./scene";

interface Validator {
  safeParse(value: unknown): { readonly success: boolean };
}

/** The provider's validators, by operation; for lists by their key. */
const readers: Readonly<Record<string, Validator | Readonly<Record<string, Validator>>>> = {
  "GET /v2/catalog/datacenters": { dataCenters: zDataCenter },
  "GET /v2/catalog/gpus": { gpus: zGpuType },
  "GET /v2/clusters": { clusters: zCluster },
  "GET /v2/network-volumes": { networkVolumes: zNetworkVolume },
  "GET /v2/pods": { pods: zPod },
  "GET /v2/serverless": { endpoints: zEndpoint },
  "GET /v2/templates": { templates: zTemplate },
  "GET /v2/clusters/{id}": zCluster,
  "GET /v2/clusters/{id}/pods": { pods: zPod },
  "GET /v2/network-volumes/{id}": zNetworkVolume,
  "GET /v2/pods/{id}": zPod,
  "GET /v2/serverless/{id}": zEndpoint,
  "GET /v2/serverless/{id}/releases": zListEndpointReleasesResponse,
  "GET /v2/serverless/{id}/workers": zListEndpointWorkersResponse,
  "GET /v2/templates/{id}": zTemplate,
  "PATCH /v2/clusters/{id}": zCluster,
  "PATCH /v2/network-volumes/{id}": zNetworkVolume,
  "PATCH /v2/pods/{id}": zPod,
  "PATCH /v2/serverless/{id}": zEndpoint,
  "PATCH /v2/templates/{id}": zTemplate,
  "POST /v2/clusters": zCluster,
  "POST /v2/network-volumes": zNetworkVolume,
  "POST /v2/pods": zPod,
  "POST /v2/pods/{id}/action": zPod,
  "POST /v2/serverless": zEndpoint,
  "POST /v2/templates": zTemplate,
};

const contract = new Contract();
const pristine = new Contract({ v1: pristineDocument("v1"), v2: pristineDocument("v2") });
const pod = { name: "p", image: "python:3.12", gpu: { id: "NVIDIA L4", count: 1 } };
const template = { name: "t", image: "python:3.12" };
const endpoint = {
  name: "e",
  type: "QUEUE",
  image: "acme/handler:1",
  gpu: { pools: ["ADA_24"] },
  workers: { max: 1 },
  scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
};
const volume = { name: "v", size: 10, dataCenter: "EU-RO-1" };

const cluster = {
  name: "c",
  type: "TRAINING",
  image: "python:3.12",
  compute: { gpuTypeId: "NVIDIA H100 80GB HBM3", gpuCountPerPod: 8, podCount: 2 },
};

let scene: ContractScene;
let call: ContractScene["call"];

beforeAll(async () => {
  scene = await startContractScene();
  call = scene.call;
});

afterEach(async () => {
  const exchanges = await scene.proxy.take();
  expect(exchanges.flatMap((exchange) => faults(contract, exchange))).toEqual([]);
  expect(exchanges.flatMap(unpatchedFaults)).toEqual([]);
  expect(exchanges.filter((exchange) => !isReadable(exchange))).toEqual([]);
  expect(exchanges.filter(({ headers }) => headers["x-request-id"] === undefined)).toEqual([]);
  // Size and key are checked before anything is counted.
  const limited = exchanges.filter(({ status }) => status !== 401 && status !== 413);
  expect(limited.filter(({ headers }) => headers["ratelimit"] === undefined)).toEqual([]);
});

afterAll(() => scene.close());

describe("valid requests", () => {
  test.each([
    "/v2/catalog/gpus",
    "/v2/catalog/gpus?include=AVAILABILITY&product=POD&count=2&cloud=COMMUNITY",
    "/v2/catalog/gpus?include=AVAILABILITY&product=POD,CLUSTER&countryCodes=US,RO&cudaVersions=12.8",
    "/v2/catalog/gpus?include=AVAILABILITY&product=POD&minCudaVersion=12.4",
    "/v2/catalog/gpus/NVIDIA%20L4",
    "/v2/catalog/gpus/NVIDIA%20L4?include=AVAILABILITY&product=POD",
    "/v2/catalog/cpus",
    "/v2/catalog/cpus?include=AVAILABILITY&product=POD&vcpuCount=4",
    "/v2/catalog/cpus/cpu3c",
    "/v2/catalog/datacenters",
    "/v2/catalog/datacenters?include=GPU_AVAILABILITY,CPU_AVAILABILITY&globalNetwork=true",
    "/v2/catalog/datacenters?regions=EUROPE&networkVolumeTypes=STANDARD",
    "/v2/catalog/datacenters/EU-RO-1?include=GPU_AVAILABILITY",
    "/v2/account/ssh-keys",
    "/v2/pods?includeClusterPods=true",
  ])("GET %s", async (path) => {
    expect((await call("GET", path)).status).toBe(200);
  });

  test("SSH keys and registry credentials", async () => {
    const keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@example"];
    expect((await call("PUT", "/v2/account/ssh-keys", { keys })).body).toEqual({ keys });
    const credentials = { name: "r", username: "u", password: "p" };
    const { body } = await call("POST", "/v2/registries", credentials);
    expect((await call("GET", `/v2/registries/${body.id}`)).body).toEqual(body);
    expect((await call("DELETE", `/v2/registries/${body.id}`)).status).toBe(204);
  });

  test.each([
    ["/v2/pods", "pods", pod],
    ["/v2/serverless", "endpoints", endpoint],
    ["/v2/templates", "templates", template],
    ["/v2/network-volumes", "networkVolumes", volume],
  ])("pages of %s, followed to their end", async (path, key, body) => {
    const created = [];
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
      created.push((await call("POST", path, { ...body, name })).body.id);
    }
    const listed = [];
    let page = (await call("GET", `${path}?limit=2`)).body;
    listed.push(...page[key]);
    while (page.pagination.hasNextPage) {
      const { nextCursor } = page.pagination;
      page = (await call("GET", `${path}?limit=2&cursor=${nextCursor}`)).body;
      listed.push(...page[key]);
    }
    expect(listed.map(({ id }) => id)).toEqual(created.toReversed());
    for (const id of created) {
      await call("DELETE", `${path}/${id}`);
    }
  });

  test.each([
    ["a persistent disk", { ...pod, mounts: { persistent: { size: 20, path: "/data" } } }],
    ["an older spelling of its command", { ...pod, args: "sleep 60" }],
    ["both constraints on its host", { ...pod, gpu: { ...pod.gpu, minRamPerGpu: 8 } }],
    ["a CPU", { name: "p", image: "python:3.12", cpu: { id: "cpu3c", vcpuCount: 4 } }],
    [
      "the community cloud",
      { ...pod, cloud: "COMMUNITY", gpu: { id: "NVIDIA GeForce RTX 4090", count: 1 } },
    ],
    ["ports, variables and SSH", { ...pod, ports: ["22/tcp"], env: { A: "1" }, startSsh: true }],
  ])("every action on a pod with %s", async (_, body) => {
    const { id } = (await call("POST", "/v2/pods", body)).body;
    await call("GET", `/v2/pods/${id}`);
    for (const action of ["stop", "start", "restart", "terminate"]) {
      const { status } = await call("POST", `/v2/pods/${id}/action`, { action });
      expect(status).toBe(action === "terminate" ? 204 : 200);
      await call("GET", "/v2/pods");
    }
  });

  test.each([
    ["a queue", {}],
    [
      "a load balancer",
      { type: "LOAD_BALANCER", scaling: { type: "REQUEST_COUNT", requestCount: 1 } },
    ],
    ["CPUs", { gpu: undefined, cpu: [{ id: "cpu3c", vcpuCount: 2 }] }],
  ])("an endpoint with %s, its workers and its releases", async (_, changes) => {
    const body = { ...endpoint, ...changes, workers: { min: 1, max: 1 } };
    const { id } = (await call("POST", "/v2/serverless", body)).body;
    const path = `/v2/serverless/${id}`;
    expect((await call("PATCH", path, { env: { A: "1" }, timeout: 60_000 })).status).toBe(200);
    const { workers } = (await call("GET", `${path}/workers`)).body;
    expect(workers).toMatchObject([{ status: "IDLE", version: 2 }]);
    expect((await call("GET", `${path}/releases?limit=1`)).body.releases).toHaveLength(1);
    expect((await call("GET", path)).status).toBe(200);
    const text = await firstBytes(`${scene.proxy.url}${path}/workers/${workers[0].id}/logs?tail=2`);
    expect(text).toMatch(/^id: \S+\/\d{12}\ndata: \{"ts":/);
    expect((await call("DELETE", path)).status).toBe(204);
  });

  test.each([
    ["an image", "TRAINING", {}],
    ["a network volume and SSH", "SLURM", { ports: ["22/tcp"], startSsh: true }],
    ["a template", "RAY", { image: undefined }],
  ])("a cluster with %s, and its pods", async (_, type, changes) => {
    const templateId = (await call("POST", "/v2/templates", template)).body.id;
    const volumeId = (await call("POST", "/v2/network-volumes", volume)).body.id;
    const body = {
      ...cluster,
      type,
      ...changes,
      ...("image" in changes && { templateId }),
      ...("ports" in changes && { mounts: { network: [{ volumeId, path: "/data" }] } }),
    };
    const { id } = (await call("POST", "/v2/clusters", body)).body;
    const path = `/v2/clusters/${id}`;
    expect((await call("PATCH", path, { name: "renamed" })).status).toBe(200);
    expect((await call("GET", path)).body.primary.status).toBe("RUNNING");
    expect((await call("GET", `${path}/pods`)).body.pods).toHaveLength(2);
    expect((await call("GET", "/v2/pods?includeClusterPods=true")).body.pods).toHaveLength(2);
    expect((await call("GET", "/v2/clusters")).body.clusters).toHaveLength(1);
    expect((await call("DELETE", path)).status).toBe(204);
    await call("DELETE", `/v2/network-volumes/${volumeId}`);
    await call("DELETE", `/v2/templates/${templateId}`);
  });

  test("logs are server-sent events with a time, a source and a line", async () => {
    const { id } = (await call("POST", "/v2/pods", pod)).body;
    const text = await firstBytes(`${scene.proxy.url}/v2/pods/${id}/logs?tail=20&source=system`);
    const [frame = ""] = text.split("\n\n");
    const [, eventId = "", data = ""] = /^id: (.+)\ndata: (.+)$/.exec(frame) ?? [];
    const { ts, source, line } = JSON.parse(data);
    expect(eventId).toMatch(new RegExp(`^${ts}/\\d{12}$`));
    expect(new Date(ts).toISOString()).toBe(ts);
    expect([source, typeof line]).toEqual(["system", "string"]);
    await firstBytes(`${scene.proxy.url}/v2/pods/${id}/logs`, { "last-event-id": eventId });
    await call("DELETE", `/v2/pods/${id}`);
  });
});

describe("refusals", () => {
  test.each<[number, string, string]>([
    [400, "GET", "/v2/catalog/gpus?include=AVAILABILITY"],
    [404, "GET", "/v2/pods/none"],
    [404, "GET", "/v2/pods/none/logs"],
    [404, "DELETE", "/v2/pods/none"],
    [404, "GET", "/v2/templates/none"],
    [404, "DELETE", "/v2/network-volumes/none"],
    [404, "GET", "/v2/catalog/gpus/none"],
    [404, "GET", "/v2/registries/none"],
    [404, "GET", "/v2/serverless/none"],
    [404, "GET", "/v2/serverless/none/workers"],
    [404, "GET", "/v2/serverless/none/releases"],
    [404, "GET", "/v2/serverless/none/workers/none/logs"],
    [404, "DELETE", "/v2/serverless/none"],
    [422, "GET", "/v2/pods?limit=many"],
    [422, "GET", "/v2/pods?limit=1001"],
    [422, "GET", "/v2/pods?cursor=bogus"],
    [422, "GET", `/v2/pods?cursor=${btoa("/v2/templates before 1 0")}`],
    [404, "GET", "/v2/clusters/none"],
    [404, "GET", "/v2/clusters/none/pods"],
    [404, "DELETE", "/v2/clusters/none"],
    [501, "GET", "/v2/billing/clusters"],
  ])("%i for %s %s", async (status, method, path) => {
    expect((await call(method, path)).status).toBe(status);
  });

  test.each<[number, string, string, unknown]>([
    [400, "POST", "/v2/pods", "{"],
    [400, "POST", "/v2/pods", { ...pod, gpu: { ...pod.gpu, count: 64 } }],
    [404, "PATCH", "/v2/pods/none", { name: "q" }],
    [404, "POST", "/v2/pods/none/action", { action: "stop" }],
    [404, "POST", "/v2/pods", { ...pod, templateId: "none" }],
    [413, "POST", "/v2/pods", { ...pod, env: { A: "x".repeat(102_400) } }],
    [422, "POST", "/v2/pods", { ...pod, gpuTypeIds: ["NVIDIA L4"] }],
    [422, "POST", "/v2/pods", { name: "p" }],
    [400, "POST", "/v2/serverless", { ...endpoint, gpu: undefined }],
    [404, "PATCH", "/v2/serverless/none", { name: "q" }],
    [422, "POST", "/v2/serverless", { ...endpoint, scaling: { type: "QUEUE_DELAY" } }],
    [422, "POST", "/v2/templates", { ...template, disk: "20" }],
    [422, "POST", "/v2/network-volumes", { ...volume, size: 1 }],
    [422, "PUT", "/v2/account/ssh-keys", { keys: "one" }],
    [400, "POST", "/v2/clusters", { ...cluster, image: undefined }],
    [404, "PATCH", "/v2/clusters/none", { name: "q" }],
    [422, "POST", "/v2/clusters", { ...cluster, registry: "r" }],
  ])("%i for %s %s with an invalid body", async (status, method, path, body) => {
    expect((await call(method, path, body)).status).toBe(status);
  });

  test("401 without a key and with an unknown one", async () => {
    for (const authorization of ["", "Bearer rpa_stranger"]) {
      expect((await call("GET", "/v2/pods", undefined, { authorization })).status).toBe(401);
    }
  });

  test("402 without credit", async () => {
    await scene.emulator.call("POST", "/_emulator/accounts/1", { balance: 0 });
    expect((await call("POST", "/v2/pods", pod)).status).toBe(402);
    await scene.emulator.reset();
  });

  test("409 for an action that the pod's status does not allow", async () => {
    const { id } = (await call("POST", "/v2/pods", pod)).body;
    expect((await call("POST", `/v2/pods/${id}/action`, { action: "start" })).status).toBe(409);
    await call("DELETE", `/v2/pods/${id}`);
  });

  test("400 in RunPod's words without capacity", async () => {
    const none = { gpuTypeId: "NVIDIA L4", available: 0 };
    await scene.emulator.call("POST", "/_emulator/capacity", none);
    const { status, body } = await call("POST", "/v2/pods", pod);
    expect(status).toBe(400);
    expect(body.detail).toContain("no longer any instances available");
    await scene.emulator.reset();
  });
});

test("429 says when to try again", async () => {
  const tight = await startContractScene({ rateLimit: [{ quota: 2, seconds: 60 }] });
  for (const status of [200, 200, 429, 429]) {
    expect((await tight.call("GET", "/v2/pods")).status).toBe(status);
  }
  const exchanges = await tight.proxy.take();
  expect(exchanges.flatMap((exchange) => contract.violations(exchange))).toEqual([]);
  expect(exchanges.at(-1)?.headers["retry-after"]).toMatch(/^\d+$/);
  await tight.close();
});

/** Violations of an answer, and of its request unless the emulator has refused it. */
function faults(judge: Contract, exchange: Exchange): Violation[] {
  const isRefused = exchange.status >= 400;
  return judge
    .violations(exchange)
    .filter(({ part }) => !(isRefused && part.startsWith("request")));
}

/** The violations of RunPod's original description, without those that a patch explains. */
function unpatchedFaults(exchange: Exchange): Violation[] {
  const patched = [
    "request query limit",
    "request query cursor",
    "request header Last-Event-ID",
    "answer 200 body /pagination",
  ];
  return faults(pristine, exchange).filter(
    ({ operation, part, pointer }) =>
      !patched.includes(`${part} ${pointer}`) &&
      // Ajv refuses every create of an endpoint by the original.
      !(operation === "POST /v2/serverless" && part === "request body"),
  );
}

/** Whether the provider's validators accept a successful answer. */
function isReadable(exchange: Exchange): boolean {
  const reader = readers[contract.operationOf(exchange) ?? ""];
  if (reader === undefined || exchange.status >= 300 || exchange.body === "") {
    return true;
  }
  const body = JSON.parse(exchange.body);
  if ("safeParse" in reader) {
    return (reader as Validator).safeParse(body).success;
  }
  return (
    zPagination.optional().safeParse(body.pagination).success &&
    Object.entries(reader).every(([key, item]) =>
      body[key].every((value: unknown) => item.safeParse(value).success),
    )
  );
}

/** The beginning of an endless stream. */
async function firstBytes(url: string, headers: Record<string, string> = {}): Promise<string> {
  const enough = new AbortController();
  const authorization = `Bearer ${scene.emulator.env["RUNPOD_API_KEY"]}`;
  const options = { headers: { authorization, ...headers }, signal: enough.signal };
  const { body } = await fetch(url, options);
  const { value } = (await body?.getReader().read()) ?? {};
  enough.abort();
  return new TextDecoder().decode(value);
}

function pristineDocument(version: string): OpenApiDocument {
  const file = require.resolve(`@runpod-stack/openapi/published/${version}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}
