import type { Kind, Values } from "@runpod-stack/provider/schema";
import { Contract } from "../support/contract";
import { TestResource } from "../support/resource";
import { type ContractScene, startContractScene } from "./scene";

const contract = new Contract();
let scene: ContractScene;
let resource: (kind: Kind, name: string) => TestResource;

const pod: Values = {
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA L4"],
};

beforeAll(async () => {
  scene = await startContractScene();
  await startProcess();
});

afterEach(async () => {
  await judge();
});

afterAll(() => scene.close());

test.each<[string, Values[]]>([
  ["the least", [{ imageName: "python:3.12" }]],
  [
    "everything",
    [
      {
        name: "t",
        imageName: "python:3.12",
        containerDiskInGb: 30,
        volumeInGb: 20,
        volumeMountPath: "/data",
        ports: ["8000/http", "22/tcp"],
        env: { A: "1", B: "{{ RUNPOD_SECRET_b }}" },
        dockerEntrypoint: ["bash", "-c"],
        dockerStartCmd: ["sleep infinity"],
        allowedCudaVersions: ["12.8", "13.0"],
        startSsh: false,
        startJupyter: false,
        category: "NVIDIA",
        isPublic: false,
        isServerless: false,
      },
      { name: "u", imageName: "python:3.13", volumeInGb: 30, category: "CPU", isPublic: true },
      { name: "v", imageName: "python:3.13" },
    ],
  ],
])("templates with %s", (_, steps) => live("Template", "t", ...steps));

test("volumes of every type", async () => {
  const place = { dataCenterId: "EU-RO-1" };
  await live("Volume", "v", { ...place, size: 10 }, { ...place, size: 20, name: "w" });
  await live("Volume", "fast", { ...place, size: 10, type: "HIGH_PERFORMANCE" });
});

test.each<[string, Values[]]>([
  ["the least", [pod]],
  ["several GPUs", [{ ...pod, gpuCount: 2, minRAMPerGPU: 8, minVCPUPerGPU: 2 }]],
  ["CUDA versions to accept", [{ ...pod, allowedCudaVersions: ["12.8", "13.0"] }]],
  ["a lowest CUDA version", [{ ...pod, minCudaVersion: "12.4" }]],
  ["data centers", [{ ...pod, dataCenterIds: ["EU-RO-1", "US-KS-2"] }]],
  [
    "the community cloud",
    [{ ...pod, cloudType: "COMMUNITY", gpuTypeIds: ["NVIDIA GeForce RTX 4090"] }],
  ],
  ["CPUs only", [{ ...pod, gpuTypeIds: undefined, cpuFlavorIds: ["cpu3c"], vcpuCount: 4 }]],
  [
    "a disk that grows and moves",
    [
      { ...pod, volumeInGb: 20 },
      { ...pod, volumeInGb: 30 },
      { ...pod, volumeInGb: 30, volumeMountPath: "/cache" },
    ],
  ],
  [
    "every setting of its container, set, changed and removed",
    [
      {
        ...pod,
        name: "p",
        containerDiskInGb: 30,
        ports: ["8000/http", "22/tcp"],
        env: { A: "1" },
        dockerEntrypoint: ["bash", "-c"],
        globalNetworking: true,
        startSsh: true,
        startJupyter: true,
      },
      {
        ...pod,
        name: "q",
        containerDiskInGb: 40,
        ports: ["9000/http"],
        env: { A: "2", B: "3" },
        globalNetworking: false,
        startSsh: true,
        startJupyter: true,
      },
      { ...pod, name: "q", startSsh: true, startJupyter: true },
    ],
  ],
  [
    "a lock, a stop and a start",
    [
      { ...pod, locked: true },
      { ...pod, locked: true, desiredStatus: "EXITED" },
      { ...pod, locked: false, desiredStatus: "RUNNING" },
      { ...pod, desiredStatus: "EXITED" },
    ],
  ],
])("pods with %s", (_, steps) => live("Pod", "p", ...steps.map(defined)));

const endpoint: Values = { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"], workersMax: 1 };

test.each<[string, Values[]]>([
  ["the least", [endpoint]],
  [
    "several GPU types, and others later",
    [
      { ...endpoint, gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"], gpuCount: 2 },
      { ...endpoint, gpuTypeIds: ["NVIDIA GeForce RTX 4090"] },
    ],
  ],
  [
    "CUDA versions to accept, then a lowest one, then neither",
    [
      { ...endpoint, allowedCudaVersions: ["12.8"] },
      { ...endpoint, minCudaVersion: "12.4" },
      endpoint,
    ],
  ],
  [
    "CPUs only",
    [2, 4].map((vcpuCount) => ({ imageName: "python:3.12", cpuFlavorIds: ["cpu3c"], vcpuCount })),
  ],
  [
    "each scaler",
    [
      { ...endpoint, scalerValue: 1.5, idleTimeout: 60 },
      { ...endpoint, scalerType: "REQUEST_COUNT", scalerValue: 2 },
      { ...endpoint, workersMin: 1 },
      { ...endpoint, workersMax: 0 },
    ],
  ],
  [
    "a load balancer",
    [
      { ...endpoint, type: "LOAD_BALANCER", ports: ["8000/http"], env: { PORT: "8000" } },
      { ...endpoint, type: "LOAD_BALANCER", idleTimeout: 30, scalerValue: 2 },
    ],
  ],
  [
    "every setting of its container, set, changed and removed",
    [
      {
        ...endpoint,
        name: "e",
        containerDiskInGb: 30,
        ports: ["8000/http"],
        env: { A: "1" },
        dockerEntrypoint: ["bash", "-c"],
        dockerStartCmd: ["python handler.py"],
        dataCenterIds: ["EU-RO-1"],
        flashboot: "PRIORITY_FLASHBOOT",
        executionTimeout: "1h",
      },
      { ...endpoint, name: "f", env: { A: "2" }, flashboot: "OFF", executionTimeout: "90s" },
      { ...endpoint, name: "f" },
    ],
  ],
])("endpoints with %s", (_, steps) => live("ServerlessEndpoint", "e", ...steps));

test("an endpoint with a global volume, attached and detached", async () => {
  const volume = resource("GlobalVolume", "shared");
  await volume.up({});
  await live("ServerlessEndpoint", "e", { ...endpoint, globalVolumeId: volume.id }, endpoint);
  await volume.destroy();
});

test("an endpoint with network volumes, a template and registry credentials", async () => {
  const credentials = { name: "r", username: "u", password: "p" };
  const registry = await scene.call("POST", "/v2/registries", credentials);
  const volume = resource("Volume", "cache");
  await volume.up({ size: 10, dataCenterId: "EU-RO-1" });
  const template = resource("Template", "base");
  await template.up({ imageName: "python:3.12", isServerless: true, env: { A: "1" } });
  const one = resource("ServerlessEndpoint", "e");
  const { imageName: _, ...rest } = endpoint;
  const inputs = {
    ...rest,
    templateId: template.id,
    networkVolumeIds: [volume.id],
    containerRegistryAuthId: registry.body.id,
  };
  expect(await one.up(inputs)).toBe("created");
  await one.up({ ...rest, templateId: template.id });
  await one.destroy();
  await template.destroy();
  await volume.destroy();
});

test("a pod with a network volume, a template and registry credentials", async () => {
  const credentials = { name: "r", username: "u", password: "p" };
  const registry = await scene.call("POST", "/v2/registries", credentials);
  const volume = resource("Volume", "cache");
  await volume.up({ size: 10, dataCenterId: "EU-RO-1" });
  const template = resource("Template", "base");
  await template.up({ imageName: "python:3.12", env: { A: "1" } });
  const one = resource("Pod", "p");
  const inputs = {
    ...pod,
    templateId: template.id,
    networkVolumeId: volume.id,
    volumeMountPath: "/cache",
    containerRegistryAuthId: registry.body.id,
  };
  expect(await one.up(inputs)).toBe("created");
  await one.up(defined({ ...inputs, containerRegistryAuthId: undefined }));
  await expect(volume.destroy()).rejects.toThrow("mounted by");
  await one.destroy();
  await template.destroy();
  await volume.destroy();
});

const cluster: Values = {
  imageName: "python:3.12",
  gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
  gpuCount: 1,
  podCount: 2,
};

test.each<[string, Values[]]>([
  ["the least", [cluster, { ...cluster, name: "renamed" }]],
  [
    "every setting of its container",
    [
      {
        ...cluster,
        type: "SLURM",
        containerDiskInGb: 30,
        volumeInGb: 20,
        ports: ["8000/http", "22/tcp"],
        env: { A: "1" },
        dockerEntrypoint: ["bash", "-c"],
        dockerStartCmd: ["sleep infinity"],
        dataCenterIds: ["EU-RO-1"],
        startSsh: true,
        startJupyter: true,
      },
    ],
  ],
])("clusters with %s", (_, steps) => live("Cluster", "c", ...steps));

test("a cluster with a template, and one with a network volume", async () => {
  const volume = resource("Volume", "cache");
  await volume.up({ size: 10, dataCenterId: "EU-RO-1" });
  const template = resource("Template", "base");
  await template.up({ imageName: "python:3.12" });
  const { imageName: _, ...rest } = cluster;
  await live("Cluster", "c", { ...rest, templateId: template.id });
  await live("Cluster", "c", { ...cluster, networkVolumeId: volume.id });
  await template.destroy();
  await volume.destroy();
});

test("GPU fallbacks while there is no capacity", async () => {
  await scene.emulator.fault("capacity", { method: "POST", path: "^/v2/pods$", times: 1 });
  await live("Pod", "p", { ...pod, gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"] });
});

test("an endpoint that serves, and one whose container fails, read to its logs", async () => {
  const serving = resource("Pod", "serving");
  await serving.up({
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
    gpuTypeIds: ["NVIDIA L4"],
    containerDiskInGb: 30,
    ports: ["8000/http"],
  });
  const endpoint = { port: 8000, interval: "250ms" };
  await live("PodEndpoint", "serving", { ...endpoint, podId: serving.id });
  await serving.destroy();

  const silent = resource("Pod", "silent");
  await silent.up({ ...pod, ports: ["8000/http"] });
  const waiting = resource("PodEndpoint", "silent");
  const impatient = { ...endpoint, podId: silent.id, timeout: "1s", onFailure: "stop" };
  await expect(waiting.up(impatient)).rejects.toThrow("did not serve within 1s");
  await waiting.destroy();
  await silent.destroy();
});

test("more objects than a page holds", async () => {
  const pods = ["a", "b", "c", "d", "e"].map((name) => resource("Pod", name));
  for (const one of pods) {
    await one.up(pod);
  }
  const another = new TestResource(await scene.plugin(), "Pod", "a");
  another.state = pods[0]?.state;
  await another.refresh();
  for (const one of pods) {
    await one.destroy();
  }
});

test("objects deleted elsewhere", async () => {
  for (const [kind, route, inputs] of [
    ["Pod", "pods", pod],
    ["Template", "templates", { imageName: "python:3.12" }],
    ["Volume", "network-volumes", { size: 10, dataCenterId: "EU-RO-1" }],
    ["ServerlessEndpoint", "serverless", endpoint],
  ] as const) {
    const one = resource(kind, "gone");
    await one.up(inputs);
    await scene.call("DELETE", `/v2/${route}/${one.id}`);
    await one.destroy();
  }
});

test.each([
  ["401", "status:401:before"],
  ["402", "status:402:before"],
  ["403", "status:403:before"],
  ["404", "status:404:before"],
  ["409", "status:409:before"],
  ["422", "status:422:before"],
])("a create refused with %s", async (status, fault) => {
  await scene.emulator.fault(fault, { method: "POST", path: "^/v2/pods$", times: 1 });
  await expect(resource("Pod", "refused").up(pod)).rejects.toThrow(status);
});

test("an image that does not exist", async () => {
  const missing = { ...pod, imageName: "vllm/vllm-openai:v9.9.9" };
  const one = resource("Pod", "p");
  await one.up(missing).catch(() => {});
  await one.destroy();
});

test("an unknown key", async () => {
  const stranger = new TestResource(await scene.plugin("rpa_stranger"), "Pod", "p");
  await expect(stranger.up(pod)).rejects.toThrow("401");
});

test("the life of each kind uses these operations", async () => {
  // A plugin that has seen no list yet.
  await startProcess();
  const place = { dataCenterId: "EU-RO-1" };
  await live("Template", "t", { imageName: "python:3.12" }, { imageName: "python:3.13" });
  await live("Volume", "v", { ...place, size: 10 }, { ...place, size: 20 });
  await live("Pod", "p", pod, { ...pod, desiredStatus: "EXITED" }, { ...pod, name: "q" });
  const silent = resource("Pod", "silent");
  await silent.up(pod);
  const impatient = { podId: silent.id, port: 8000, interval: "250ms", timeout: "500ms" };
  await expect(resource("PodEndpoint", "silent").up(impatient)).rejects.toThrow("did not serve");
  await silent.destroy();
  expect(await judge()).toEqual([
    "DELETE /v2/network-volumes/{id}",
    "DELETE /v2/pods/{id}",
    "DELETE /v2/templates/{id}",
    "GET /v2/network-volumes",
    "GET /v2/network-volumes/{id}",
    "GET /v2/pods",
    "GET /v2/pods/{id}",
    "GET /v2/pods/{id}/logs",
    "GET /v2/templates",
    "GET /v2/templates/{id}",
    "PATCH /v2/network-volumes/{id}",
    "PATCH /v2/pods/{id}",
    "PATCH /v2/templates/{id}",
    "POST /v2/network-volumes",
    "POST /v2/pods",
    "POST /v2/pods/{id}/action",
    "POST /v2/templates",
  ]);
});

test("the life of an endpoint uses these operations", async () => {
  await startProcess();
  const one = resource("ServerlessEndpoint", "e");
  await one.up(endpoint);
  await one.up({ ...endpoint, name: "f" });
  const again = new TestResource(await scene.plugin(), "ServerlessEndpoint", "e");
  again.state = one.state;
  await again.refresh();
  await one.destroy();
  expect(await judge()).toEqual([
    "DELETE /v2/serverless/{id}",
    "GET /v2/catalog/gpus",
    "GET /v2/serverless",
    "GET /v2/serverless/{id}",
    "GET /v2/serverless/{id}/workers",
    "PATCH /v2/serverless/{id}",
    "POST /v2/serverless",
  ]);
});

async function startProcess(): Promise<void> {
  const plugin = await scene.plugin();
  resource = (kind, name) => new TestResource(plugin, kind, name);
}

/** Checks all traffic since the last time against the description. @returns the provider's operations */
async function judge(): Promise<string[]> {
  const exchanges = (await scene.proxy.take()).filter(({ url }) => url.startsWith("/v"));
  expect(exchanges.flatMap((exchange) => contract.violations(exchange))).toEqual([]);
  const ours = exchanges.filter(
    ({ requestHeaders }) => requestHeaders["user-agent"] === "runpod-stack",
  );
  return [...new Set(ours.map((exchange) => contract.operationOf(exchange) ?? ""))].sort();
}

/** Takes a resource through its life: each set of inputs in turn, followed by a refresh. */
async function live(kind: Kind, name: string, ...steps: readonly Values[]): Promise<void> {
  const one = resource(kind, name);
  for (const inputs of steps) {
    expect([await one.up(inputs), one.failures]).not.toContain("refused");
    await one.refresh();
  }
  await one.destroy();
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
