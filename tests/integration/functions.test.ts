import * as pulumi from "@pulumi/pulumi";
import {
  type FunctionOptions,
  getCluster,
  getClusters,
  getEndpoint,
  getEndpoints,
  getGpuTypes,
  getPod,
  getPodOutput,
  getPods,
  getRegistries,
  getTemplate,
  getTemplates,
  getVolume,
  getVolumes,
  Provider,
} from "@runpod-stack/provider";
import { emulatedAccount } from "../support/emulated-account";
import { startTestEmulator } from "../support/emulator";

const LONG = "a".repeat(8);
const account = emulatedAccount();

async function create(path: string, body: object): Promise<string> {
  const { status, body: made } = await account.emulator.call("POST", path, body);
  expect([status, made]).toEqual([201, expect.anything()]);
  return made.id;
}

/** What an output resolves to, and whether it is secret. */
async function settled<T>(output: pulumi.Output<T>): Promise<{ value: T; isSecret: boolean }> {
  const it = output as unknown as {
    readonly isKnown: Promise<boolean>;
    readonly isSecret: Promise<boolean>;
    promise(): Promise<T>;
    allResources(): Promise<unknown>;
  };
  const all = Promise.all([it.promise(), it.isSecret, it.isKnown, it.allResources()]);
  const [value, secret] = await all;
  return { value, isSecret: secret };
}

const POD = { image: "ubuntu:24.04", gpu: { id: "NVIDIA L4", count: 2 } };

describe("pods", () => {
  test("are read by id or name, with the words of resources and a secret env", async () => {
    const volume = await create("/v2/network-volumes", {
      name: "models",
      size: 30,
      dataCenter: "EU-RO-1",
    });
    const id = await create("/v2/pods", {
      ...POD,
      name: "llm",
      disk: 30,
      ports: ["8000/http", "22/tcp"],
      cmd: ["sleep", "infinity"],
      env: { TOKEN: "hush", RUNPOD_STACK_TOKEN: "0123" },
      mounts: { network: [{ volumeId: volume, path: "/models" }] },
      dataCenterIds: ["EU-RO-1"],
    });
    const pod = await getPod({ podId: id });
    expect(pod).toMatchObject({
      podId: id,
      name: "llm",
      status: "RUNNING",
      imageName: "ubuntu:24.04",
      gpuTypeId: "NVIDIA L4",
      gpuCount: 2,
      cpuFlavorId: null,
      cloudType: "SECURE",
      dataCenterId: "EU-RO-1",
      containerDiskInGb: 30,
      volumeInGb: null,
      volumeMountPath: "/models",
      networkVolumeId: volume,
      ports: ["8000/http", "22/tcp"],
      dockerEntrypoint: null,
      dockerStartCmd: ["sleep", "infinity"],
      endpointUrls: { 8000: `${account.emulator.url}/proxy/${id}-8000` },
      tcpAddresses: { 22: expect.stringMatching(/^[\d.]+:\d+$/) },
    });
    expect(Object.keys(pod.env)).toEqual(["TOKEN"]);
    const token = pod.env["TOKEN"] as pulumi.Output<string>;
    expect(await settled(token)).toEqual({ value: "hush", isSecret: true });
    expect(JSON.stringify(await getPods())).not.toContain("hush");
    expect(await getPod({ name: "llm" })).toMatchObject({ podId: id });

    const output = getPodOutput({ podId: pulumi.output(id) });
    expect(await settled(output.costPerHr)).toEqual({ value: pod.costPerHr, isSecret: false });
    const secret = output.env.apply((env) => env["TOKEN"] ?? pulumi.output("none"));
    expect(await settled(secret)).toEqual({
      value: "hush",
      isSecret: true,
    });
  });

  test("are filtered, newest first", async () => {
    const first = await create("/v2/pods", { ...POD, name: `a-${LONG}` });
    await account.emulator.advance(60);
    const second = await create("/v2/pods", { ...POD, name: `a-b-${LONG}` });
    await create("/v2/pods", { image: "a", cpu: { id: "cpu3c", vcpuCount: 2 }, name: "cpu" });
    const gone = await create("/v2/pods", { ...POD, name: "a-gone" });
    await account.emulator.call("DELETE", `/v2/pods/${gone}`);
    expect((await getPods({ name: "a-*" })).ids).toEqual([second, first]);
    expect((await getPods({ name: `*-b-*${LONG}` })).ids).toEqual([second]);
    expect((await getPods({ gpuTypeIds: ["NVIDIA L4"] })).ids).toHaveLength(2);
    expect((await getPods({ statuses: ["EXITED"] })).ids).toEqual([]);
    expect((await getPods({ networkVolumeId: "none" })).ids).toEqual([]);
    expect((await getPods()).pods.find(({ name }) => name === "cpu")).toMatchObject({
      gpuTypeId: null,
      gpuCount: 0,
      cpuFlavorId: "cpu3c",
      vcpuCount: 2,
    });
  });

  test("a name that several have is refused, with their ids", async () => {
    const ids = [
      await create("/v2/pods", { ...POD, name: "twin" }),
      await create("/v2/pods", { ...POD, name: "twin" }),
    ];
    await expect(getPod({ name: "twin" })).rejects.toThrow(
      /^getPod: name twin belongs to 2 pods \(\w+, \w+\)\. Use podId instead\.$/,
    );
    await expect(getPod({ name: "twin" })).rejects.toThrow(ids[0]);
  });
});

test("credentials for registries are found by name", async () => {
  const login = { username: "user", password: "hush" };
  const id = await create("/v2/registries", { name: "ghcr", ...login });
  await create("/v2/registries", { name: "docker", ...login });
  const found = { ids: [id], registries: [{ registryAuthId: id, name: "ghcr" }] };
  expect(await getRegistries({ name: "gh*" })).toEqual(found);
  expect((await getRegistries()).registries.map(({ name }) => name)).toEqual(["docker", "ghcr"]);
});

test("clusters are read with their pods by rank, and filtered", async () => {
  const compute = { gpuTypeId: "NVIDIA H200", gpuCountPerPod: 8, podCount: 2 };
  const body = { image: "ubuntu:24.04", disk: 50, compute, type: "TRAINING" };
  const clusterId = await create("/v2/clusters", { ...body, name: "train-1" });
  const other = await create("/v2/clusters", { ...body, name: "serve", type: "RAY" });
  const known = { gpuTypeId: "NVIDIA H200", gpuCount: 8, podCount: 2 };

  const found = await getCluster({ name: "train-1" });
  expect(found).toMatchObject({ clusterId, type: "TRAINING", ...known });
  expect(found.pods.map(({ rank }) => rank)).toEqual([0, 1]);
  expect(found.primaryPodId).toBe(found.pods[0]?.podId);
  expect(found.costPerHr).toBeCloseTo(2 * Number(found.pods[0]?.costPerHr), 4);
  expect(JSON.stringify(await getCluster({ clusterId: other }))).not.toContain('"env"');
  await expect(getCluster({ name: "none" })).rejects.toThrow("none");

  expect((await getClusters()).ids.toSorted()).toEqual([clusterId, other].toSorted());
  expect((await getClusters({ name: "train-*" })).ids).toEqual([clusterId]);
  expect((await getClusters({ type: "RAY" })).clusters).toMatchObject([
    { name: "serve", ...known },
  ]);
});

test("templates and volumes are read by id or name, and filtered", async () => {
  const volume = { name: "models", size: 30, dataCenter: "EU-RO-1" };
  const volumeId = await create("/v2/network-volumes", volume);
  await create("/v2/network-volumes", { ...volume, name: "other", size: 20 });
  const found = { volumeId, name: "models", size: 30, dataCenterId: "EU-RO-1", type: "STANDARD" };
  expect(await getVolume({ volumeId })).toEqual(found);
  expect(await getVolume({ name: "models" })).toEqual(found);
  expect(await getVolumes({ dataCenterIds: ["EU-RO-1"], minSize: 25 })).toEqual({
    ids: [volumeId],
    volumes: [found],
  });
  expect((await getVolumes({ type: "HIGH_PERFORMANCE" })).ids).toEqual([]);

  const template = { name: "vllm", image: "vllm/vllm-openai:v0.20.0", env: { TOKEN: "hush" } };
  const templateId = await create("/v2/templates", template);
  await create("/v2/templates", { ...template, name: "worker", serverless: true });
  expect(await getTemplate({ name: "vllm" })).toMatchObject({
    templateId,
    imageName: "vllm/vllm-openai:v0.20.0",
    isServerless: false,
    category: "NVIDIA",
  });
  const listed = await getTemplates({ isServerless: false });
  expect(listed.ids).toEqual([templateId]);
  expect(JSON.stringify(listed)).not.toContain("hush");
  await create("/v2/templates", { ...template, name: "shared", public: true });
  expect((await getTemplates({ source: "community" })).templates).toMatchObject([
    { name: "shared", isPublic: true },
  ]);
  expect((await getTemplates({ source: "official" })).ids).toEqual([]);
  expect((await getTemplates({ name: "w*" })).templates).toMatchObject([{ isServerless: true }]);
});

test("serverless endpoints are read with the words of the resource", async () => {
  const pools = (await getGpuTypes()).gpuTypes.filter(({ serverlessPool }) => serverlessPool);
  const [{ id: gpuTypeId = "", serverlessPool: pool = "" } = {}] = pools;
  const endpointId = await create("/v2/serverless", {
    name: "llm",
    type: "QUEUE",
    image: "example.com/worker:1",
    gpu: { pools: [pool], excludedTypes: [], count: 1 },
    workers: { min: 0, max: 3, idleTimeout: 5 },
    scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
    timeout: 600_000,
    flashboot: "FLASHBOOT",
    env: { TOKEN: "hush" },
  });
  const endpoint = await getEndpoint({ name: "llm" });
  expect(endpoint).toMatchObject({
    endpointId,
    type: "QUEUE",
    imageName: "example.com/worker:1",
    gpuTypeIds: expect.arrayContaining([gpuTypeId]),
    gpuCount: 1,
    workersMin: 0,
    workersMax: 3,
    idleTimeout: 5,
    scalerType: "QUEUE_DELAY",
    scalerValue: 4,
    flashboot: "FLASHBOOT",
    executionTimeout: "10m",
    runUrl: `${account.emulator.url}/serverless/v2/${endpointId}/run`,
    openaiBaseUrl: `${account.emulator.url}/serverless/v2/${endpointId}/openai/v1`,
    loadBalancerUrl: null,
  });
  expect(Object.keys(endpoint.env)).toEqual(["TOKEN"]);
  expect((await getEndpoints({ type: "QUEUE" })).ids).toEqual([endpointId]);
  expect((await getEndpoints({ type: "LOAD_BALANCER" })).ids).toEqual([]);
  expect(JSON.stringify(await getEndpoints())).not.toContain("hush");
});

describe("accounts", () => {
  test("settings come from the configuration, then from the environment", async () => {
    pulumi.runtime.setAllConfig({ "runpod:apiUrl": `${account.emulator.url}/v1` });
    await expect(getPods()).rejects.toThrow(
      /^getPods: runpod:apiUrl ".*\/v1" is the address of REST API v1, which RunPod has switched off, not of the REST API v2\./,
    );
    pulumi.runtime.setAllConfig({ "runpod:apiUrl": `${account.emulator.url}/v2` });
    process.env["RUNPOD_REST_V2_URL"] = "https://example.com/v2";
    expect((await getPods()).ids).toEqual([]);
  });

  test("an explicit provider, its parent's too, reads its own account", async () => {
    await account.emulator.close();
    account.emulator = await startTestEmulator({ apiKeys: ["rpa_one", "rpa_two"] });
    Object.assign(process.env, account.emulator.env);
    const id = await create("/v2/pods", { ...POD, name: "of-one" });
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "id", state: inputs }),
      call: () => {
        throw new Error("mocks are not asked for a real account here");
      },
    });
    const two = new Provider("two", { apiKey: pulumi.secret("rpa_two") });
    const group = new pulumi.ComponentResource("a:b:C", "group", {}, { providers: [two] });
    await pulumi.runtime.disconnect();
    pulumi.runtime.resetOptions("project", "stack", -1, "", "", false, "");
    expect((await getPods()).ids).toEqual([id]);
    expect((await getPods({}, { provider: two })).ids).toEqual([]);
    expect((await getPods({}, { parent: group })).ids).toEqual([]);
    class Other extends pulumi.ProviderResource {}
    const foreign = new Other("aws", "aws");
    await expect(getPods({}, { provider: foreign })).rejects.toThrow(
      "getPods: the option provider must be a Provider of @runpod-stack/provider.",
    );
  });

  test("no message shows the key, and a missing one names the setting", async () => {
    process.env["RUNPOD_API_KEY"] = "rpa_of_nobody";
    const error = await getPods().then(String, String);
    expect(error).toContain("getPods: listing pods: 401");
    expect(error).not.toContain("rpa_of_nobody");
    process.env["RUNPOD_API_KEY"] = "";
    await expect(getPods()).rejects.toThrow("getPods: No RunPod API key is set.");
  });

  test("twenty calls are twenty requests of one client, within the rate limit", async () => {
    await account.emulator.close();
    account.emulator = await startTestEmulator({ rateLimit: [{ quota: 10, seconds: 1 }] });
    Object.assign(process.env, account.emulator.env);
    await Promise.all(Array.from({ length: 20 }, () => getPods()));
    const statuses = (await account.emulator.requests()).map(({ status }) => status);
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200));
  });
});

test("what this run has created is waited for, and an unknown id is not", async () => {
  const id = await create("/v2/pods", { ...POD, name: "late" });
  await account.emulator.fault("status:404:before", {
    method: "GET",
    path: `^/v2/pods/${id}$`,
    times: 1,
  });
  await expect(settled(getPodOutput({ podId: id }))).rejects.toThrow("was not found");
  await account.emulator.fault("status:404:before", {
    method: "GET",
    path: `^/v2/pods/${id}$`,
    times: 1,
  });
  const resource = { __pulumiResource: true } as unknown as pulumi.Resource;
  const Output = pulumi.Output as unknown as new (...parts: unknown[]) => pulumi.Output<string>;
  const [known, secret] = [Promise.resolve(true), Promise.resolve(false)];
  const resources = new Set([resource]);
  const ofResource = new Output(
    resources,
    Promise.resolve(id),
    known,
    secret,
    Promise.resolve(resources),
  );
  const { value } = await settled(getPodOutput({ podId: ofResource }));
  expect(value.name).toBe("late");
});

test("programs under test are answered by Pulumi's mocks", async () => {
  const call = jest.fn(() => ({ ids: ["NVIDIA of the test"] }));
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "id", state: {} }), call });
  expect(await getGpuTypes({ minMemoryInGb: 48 })).toEqual({ ids: ["NVIDIA of the test"] });
  expect(call).toHaveBeenCalledWith({
    token: "runpod:index/getGpuTypes:getGpuTypes",
    inputs: { minMemoryInGb: 48 },
    provider: "",
  });
  await pulumi.runtime.disconnect();
  pulumi.runtime.resetOptions("project", "stack", -1, "", "", false, "");
  expect(await account.emulator.requests()).toEqual([]);
});

test("a lost answer is asked for again", async () => {
  await account.emulator.fault("reset:after", { method: "GET", path: "^/v2/pods$", times: 1 });
  expect((await getPods()).ids).toEqual([]);
});

describe("arguments", () => {
  // biome-ignore lint/suspicious/noExplicitAny: what no compiler has read
  const untyped = (call: (...values: any[]) => Promise<unknown>, ...values: unknown[]) =>
    call(...values).then(
      () => "accepted",
      ({ message }: Error) => message,
    );
  test.each<[string, Promise<string> | (() => Promise<string>)]>([
    ["getPods: the first argument must be an object of arguments.", () => untyped(getPods, "x")],
    ["getPods: the first argument must be an object of arguments.", () => untyped(getPods, null)],
    ["getPod: podId or name is required.", () => untyped(getPod, {})],
    [
      "getPod: podId cannot be combined with name. Remove one of them.",
      () => untyped(getPod, { podId: "a", name: "b" }),
    ],
    [
      'getPod: podId "../x" must be a RunPod id: at most 64 letters, digits, - and _.',
      () => untyped(getPod, { podId: "../x" }),
    ],
    [
      "getPod: podId must be a value, not an output or a promise. Use getPodOutput, which accepts them.",
      () => untyped(getPod, { podId: pulumi.output("a") }),
    ],
    [
      'getGpuTypes: maxCostPerHr "2" must be a number of US dollars, such as 1.5.',
      () => untyped(getGpuTypes, { maxCostPerHr: "2" }),
    ],
    [
      'getGpuTypes: gpuTypeIds[0] "ADA_24" is a serverless pool, not a GPU type. Use a type from the catalog, such as "NVIDIA L40S".',
      () => untyped(getGpuTypes, { gpuTypeIds: ["ADA_24"] }),
    ],
    [
      'getGpuTypes: gpuTypeIds "L40S" is not in RunPod\'s catalog of GPU types. Did you mean "NVIDIA L40S"?',
      () => untyped(getGpuTypes, { gpuTypeIds: ["L40S"] }),
    ],
    [
      "getPods: provder is not an option of a function. Did you mean provider?",
      () => untyped(getPods, {}, { provder: 1 } as FunctionOptions),
    ],
  ])("%s", async (message, run) => {
    expect(await (typeof run === "function" ? run() : run)).toBe(message);
  });
});
