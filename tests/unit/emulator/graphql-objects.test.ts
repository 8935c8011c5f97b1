import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { volumeBody } from "./bodies";

/** Operations of runpodctl 2026-07 and of the Python SDK 1.12, with the fields that they read. */
describe("Older clients of /graphql manage", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const ask = async (query: string, variables = {}) =>
    (await emulator.call("POST", "/graphql", { query, variables })).body;
  const v2 = async (path: string) => (await emulator.call("GET", `/v2/${path}`)).body;

  const LIST = `query Query { myself { endpoints {
    aiKey gpuIds id idleTimeout name networkVolumeId locations scalerType scalerValue templateId type
    userId version workersMax workersMin workersStandby gpuCount env { key value } createdAt
    networkVolume { id dataCenterId }
  } } }`;
  const SAVE = `mutation SaveEndpoint($input: EndpointInput!) { saveEndpoint(input: $input) {
    id name templateId gpuIds gpuCount instanceIds computeType workersMin workersMax locations
    networkVolumeId networkVolumeIds { networkVolumeId dataCenterId } idleTimeout scalerType
    scalerValue executionTimeoutMs minCudaVersion flashBootType modelReferences
  } }`;
  const save = async (input: object) => ask(SAVE, { input });
  const template = async () =>
    (
      await ask(`mutation { saveTemplate(input: { name: "t", imageName: "acme/worker:1",
        dockerArgs: "", containerDiskInGb: 10, volumeInGb: 0, env: [{ key: "A", value: "1" }],
        isServerless: true }) { id advancedStart readme startJupyter startScript startSsh } }`)
    ).data.saveTemplate;
  const input = async (changes = {}) => ({
    name: "answers",
    templateId: (await template()).id,
    gpuIds: "AMPERE_48,ADA_48_PRO,-NVIDIA L40",
    ...changes,
  });

  test("an endpoint's whole life, as the Python SDK does", async () => {
    const { id: templateId } = await template();
    const saved = await ask(`mutation { saveEndpoint(input: { flashBootType: FLASHBOOT,
      name: "answers", templateId: "${templateId}", gpuIds: "AMPERE_16", networkVolumeId: "",
      locations: "", idleTimeout: 5, scalerType: "QUEUE_DELAY", scalerValue: 4, workersMin: 0,
      workersMax: 3, allowedCudaVersions: "12.8,13.0", gpuCount: 1 }) {
        id name templateId gpuIds networkVolumeId locations idleTimeout scalerType scalerValue
        workersMin workersMax allowedCudaVersions gpuCount flashBootType } }`);
    const { id } = saved.data.saveEndpoint;
    expect(saved.data.saveEndpoint).toMatchObject({
      templateId,
      gpuIds: "AMPERE_16",
      allowedCudaVersions: "12.8,13.0",
      flashBootType: "FLASHBOOT",
    });
    expect(await v2(`serverless/${id}`)).toMatchObject({
      type: "QUEUE",
      image: "acme/worker:1",
      env: { A: "1" },
      workers: { min: 0, max: 3, idleTimeout: 5 },
    });
    const { data } = await ask(LIST);
    expect(data.myself.endpoints).toMatchObject([
      { id, type: "QB", version: 1, env: [{ key: "A", value: "1" }], networkVolume: null },
    ]);
    const other = (await template()).id;
    const updated = await ask(`mutation { updateEndpointTemplate(input: {
      templateId: "${other}", endpointId: "${id}" }) { id templateId } }`);
    expect(updated.data.updateEndpointTemplate).toEqual({ id, templateId: other });
    const remove = `mutation { deleteEndpoint(id: "${id}") }`;
    expect((await ask(remove)).errors[0].message).toBe(
      `workersMax 3 must be 0 before endpoint "${id}" can be deleted. Set workersMin and workersMax to 0.`,
    );
    await save({ id, name: "answers", workersMin: 0, workersMax: 0 });
    expect(await ask(remove)).toEqual({ data: { deleteEndpoint: null } });
    expect((await ask(LIST)).data.myself.endpoints).toEqual([]);
  });

  test("an endpoint as runpodctl creates and updates it", async () => {
    const volume = (await emulator.call("POST", "/v2/network-volumes", volumeBody())).body;
    const made = (
      await save(
        await input({
          networkVolumeIds: [{ networkVolumeId: volume.id }],
          scalerType: "REQUEST_COUNT",
          scalerValue: 2,
          idleTimeout: 30,
          executionTimeoutMs: 60_000,
          locations: "RO",
          minCudaVersion: "12.8",
          modelReferences: ["https://huggingface.co/Qwen/Qwen3-0.6B:main"],
        }),
      )
    ).data.saveEndpoint;
    expect(made).toMatchObject({
      gpuIds: "AMPERE_48,ADA_48_PRO,-NVIDIA L40",
      networkVolumeId: volume.id,
      networkVolumeIds: [{ networkVolumeId: volume.id, dataCenterId: "EU-RO-1" }],
      locations: "EU-RO-1",
      computeType: "GPU",
    });
    expect(await v2(`serverless/${made.id}`)).toMatchObject({
      scaling: { type: "REQUEST_COUNT", requestCount: 2 },
      timeout: 60_000,
      gpu: { excludedTypes: ["NVIDIA L40"], minCudaVersion: "12.8" },
    });
    const [{ templateId }] = (await ask(LIST)).data.myself.endpoints;
    await save({ ...made, networkVolumeIds: [], templateId, scalerValue: 5, workersMax: 2 });
    expect(await v2(`serverless/${made.id}`)).toMatchObject({
      scaling: { requestCount: 5 },
      workers: { max: 2 },
      networkVolumes: [volume.id],
      image: "acme/worker:1",
    });
  });

  test("an endpoint on CPUs, with an image instead of a template", async () => {
    const { id, computeType, instanceIds } = (
      await save({
        name: "cpu-fb",
        template: { name: "t", imageName: "acme/cpu:1", dockerArgs: "", containerDiskInGb: 20 },
        instanceIds: ["cpu3c-2-4"],
      })
    ).data.saveEndpoint;
    expect([computeType, instanceIds]).toEqual(["CPU", ["cpu3c-2-4"]]);
    expect(await v2(`serverless/${id}`)).toMatchObject({
      image: "acme/cpu:1",
      cpu: [{ id: "cpu3c", vcpuCount: 2 }],
      flashboot: "FLASHBOOT",
    });
  });

  test.each([
    [{ name: "" }, "name is required. Give the endpoint a name."],
    [{ templateId: null }, "templateId is required. Name a serverless template."],
    [{ templateId: "nope" }, 'template "nope" not found'],
    [{ gpuIds: "NOPE" }, 'GPU pool "NOPE" not found'],
    [{ gpuIds: "" }, "exactly one of gpu or cpu must be set"],
    [{ scalerType: "NOPE" }, "scalerType NOPE must be QUEUE_DELAY or REQUEST_COUNT. Correct it."],
    [{ scalerValue: 0 }, "scalerValue 0 must be at least 1. Correct it."],
    [{ workersMin: 5 }, "workers.min 5 must not be greater than workers.max 3"],
    [{ hubReleaseId: "x" }, "hubReleaseId is not emulated."],
    [{ id: "nope" }, 'endpoint "nope" not found'],
  ])("no endpoint with %j", async (changes, message) => {
    const { errors } = await save(await input(changes));
    expect(errors[0].message).toContain(message);
    expect((await emulator.ledger()).endpoints).toEqual([]);
  });

  test("registry credentials", async () => {
    const saved = await ask(
      `mutation SaveRegistryAuth { saveRegistryAuth(input: {
        name: "hub", username: "me", password: "wrong" }) { id name } }`,
    );
    const { id } = saved.data.saveRegistryAuth;
    expect(await v2(`registries/${id}`)).toEqual({ id, name: "hub" });
    const updated = await ask(
      `mutation UpdateRegistryAuth { updateRegistryAuth(input: {
        id: "${id}", username: "you", password: "secret" }) { id name } }`,
    );
    expect(updated.data.updateRegistryAuth).toEqual({ id, name: "hub" });
    const { data } = await ask("query { myself { containerRegistryCreds { id name } } }");
    expect(data.myself.containerRegistryCreds).toEqual([{ id, name: "hub" }]);
    const remove = `mutation DeleteRegistryAuth { deleteRegistryAuth(registryAuthId: "${id}") }`;
    expect((await ask(remove)).data.deleteRegistryAuth).toBe(true);
    expect((await ask(remove)).errors[0].message).toBe(`registry "${id}" not found`);
  });

  test("network volumes", async () => {
    const made = await ask(
      `mutation { createNetworkVolume(input: { name: "v", size: 10, dataCenterId: "EU-RO-1" }) {
        id name size dataCenterId } }`,
    );
    const { id } = made.data.createNetworkVolume;
    const grown = await ask(
      `mutation { updateNetworkVolume(input: { id: "${id}", size: 20 }) { id name size } }`,
    );
    expect(grown.data.updateNetworkVolume).toEqual({ id, name: "v", size: 20 });
    await ask(`mutation { deleteNetworkVolume(input: { id: "${id}" }) }`);
    expect((await v2("network-volumes")).networkVolumes).toEqual([]);
  });

  test("pools of GPUs, and public templates", async () => {
    const { data } = await ask("query { serverlessGpuPools { id gpuTypeIds } }");
    expect(data.serverlessGpuPools).toContainEqual({
      id: "HOPPER_141",
      gpuTypeIds: ["NVIDIA H200"],
    });
    await emulator.call("POST", "/v2/templates", { name: "p", image: "a/b:1", public: true });
    const templates = async (isRunpod: boolean) =>
      (
        await ask(
          `query PodTemplates($input: PodTemplateInput) { podTemplates(input: $input) {
            id name imageName isServerless isPublic isRunpod category containerDiskInGb volumeInGb
            volumeMountPath } }`,
          { input: { isRunpod } },
        )
      ).data.podTemplates;
    expect(await templates(false)).toMatchObject([
      { name: "p", isPublic: true, category: "NVIDIA" },
    ]);
    expect(await templates(true)).toEqual([]);
  });
});
