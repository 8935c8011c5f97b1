import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { CAPACITY_TEXT, volumeBody } from "./bodies";

/** The operations that runpodctl and the Python SDK send, with the fields that they read. */
describe("Older clients of /graphql", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const ask = async (query: string, variables = {}) =>
    (await emulator.call("POST", "/graphql", { query, variables })).body;
  const v2 = async (id: string) => (await emulator.call("GET", `/v2/pods/${id}`)).body;
  const pods = async () =>
    (
      await ask(`query myPods { myself { pods {
        id containerDiskInGb costPerHr desiredStatus dockerArgs dockerId env gpuCount imageName
        lastStatusChange machineId memoryInGb name podType port ports uptimeSeconds vcpuCount
        volumeInGb volumeMountPath machine { gpuDisplayName location }
        runtime { ports { ip isIpPublic privatePort publicPort PortType: type } }
      } } }`)
    ).data.myself.pods;

  const DEPLOY = `mutation createPod($input: PodFindAndDeployOnDemandInput!) {
    podFindAndDeployOnDemand(input: $input) {
      id name imageName desiredStatus costPerHr containerDiskInGb volumeInGb volumeMountPath gpuCount
      memoryInGb vcpuCount ports lastStatusChange env machine { gpuDisplayName location }
    }
  }`;
  const input = {
    cloudType: "SECURE",
    containerDiskInGb: 60,
    dataCenterId: "",
    dockerArgs: "--model Qwen/Qwen2.5-7B-Instruct --max-model-len 8192",
    env: [{ key: "A", value: "1" }],
    gpuCount: 1,
    gpuTypeId: "NVIDIA L40S",
    imageName: "vllm/vllm-openai:v0.11.0",
    minMemoryInGb: 20,
    minVcpuCount: 1,
    name: "ctl",
    networkVolumeId: "",
    ports: "8000/http,22/tcp",
    startSsh: true,
    supportPublicIp: false,
    templateId: "",
    volumeInGb: 20,
    volumeMountPath: "/workspace",
  };
  const deploy = (changes = {}) => ask(DEPLOY, { input: { ...input, ...changes } });

  test("runpodctl runs a pod's whole life", async () => {
    const made = (await deploy()).data.podFindAndDeployOnDemand;
    expect(made).toMatchObject({
      name: "ctl",
      desiredStatus: "RUNNING",
      gpuCount: 1,
      ports: "8000/http,22/tcp",
      env: expect.arrayContaining(["A=1"]),
      machine: { gpuDisplayName: "L40S", location: expect.any(String) },
    });
    const { id } = made;
    expect(await v2(id)).toMatchObject({
      status: "RUNNING",
      cmd: ["--model", "Qwen/Qwen2.5-7B-Instruct", "--max-model-len", "8192"],
      mounts: { persistent: { size: 20, path: "/workspace" } },
    });
    expect((await emulator.call("GET", `/proxy/${id}-8000/health`)).status).toBe(200);
    const [listed] = await pods();
    expect(listed).toMatchObject({ id, dockerArgs: input.dockerArgs, podType: "RESERVED" });
    expect(listed.runtime.ports).toContainEqual(
      expect.objectContaining({ privatePort: 22, isIpPublic: true, PortType: "tcp" }),
    );
    const one = "$podId: String!";
    const stop = `mutation stopPod(${one}) { podStop(input: { podId: $podId }) { id desiredStatus lastStatusChange } }`;
    expect((await ask(stop, { podId: id })).data.podStop.desiredStatus).toBe("EXITED");
    const resume = `mutation podResume(${one}) { podResume(input: { podId: $podId }) { id costPerHr desiredStatus } }`;
    expect((await ask(resume, { podId: id })).data.podResume.desiredStatus).toBe("RUNNING");
    const terminate = `mutation terminatePod(${one}) { podTerminate(input: { podId: $podId }) }`;
    expect(await ask(terminate, { podId: id })).toEqual({ data: { podTerminate: null } });
    expect(await pods()).toEqual([]);
  });

  test("the Python SDK runs a GPU pod's and a CPU pod's whole life", async () => {
    const { data } = await ask(`query GpuTypes { gpuTypes(input: { id: "NVIDIA L40S" }) {
      maxGpuCount id displayName manufacturer memoryInGb cudaCores secureCloud communityCloud
      securePrice communityPrice oneMonthPrice threeMonthPrice oneWeekPrice communitySpotPrice
      secureSpotPrice lowestPrice(input: { gpuCount: 1 }) { minimumBidPrice uninterruptablePrice }
    } }`);
    expect(data.gpuTypes).toMatchObject([{ maxGpuCount: 8, manufacturer: "NVIDIA" }]);
    const gpu = await ask(`mutation { podFindAndDeployOnDemand(input: {
      name: "sdk", imageName: "python:3.12", cloudType: ALL, startSsh: true,
      gpuTypeId: "NVIDIA L40S", supportPublicIp: true, gpuCount: 2, volumeInGb: 0, minVcpuCount: 1,
      minMemoryInGb: 1, dataCenterId: null, dockerArgs: "", containerDiskInGb: 10,
      volumeMountPath: "/runpod-volume", env: [{ key: "K", value: "v" }]
    }) { id imageName env machineId machine { podHostId } } }`);
    const { id, machine } = gpu.data.podFindAndDeployOnDemand;
    expect(machine.podHostId).toMatch(new RegExp(`^${id}-[0-9a-f]{8}$`));
    expect(await v2(id)).toMatchObject({ gpu: { count: 2 }, mounts: {}, disk: 10, cmd: [] });
    const resumed = `mutation { podResume(input: { podId: "${id}", gpuCount: 2 }) {
      id desiredStatus imageName env machineId machine { podHostId } } }`;
    await ask(`mutation { podStop(input: { podId: "${id}" }) { id desiredStatus } }`);
    expect((await ask(resumed)).data.podResume.desiredStatus).toBe("RUNNING");
    const cpu = await ask(`mutation { deployCpuPod(input: {
      name: "cpu", imageName: "python:3.12", cloudType: ALL, startSsh: true, instanceId: "cpu3c-4-8",
      dataCenterId: null, dockerArgs: "sleep infinity", containerDiskInGb: 10,
      volumeMountPath: "/runpod-volume", templateId: "runpod-ubuntu"
    }) { id imageName env machineId machine { podHostId } } }`);
    expect(await v2(cpu.data.deployCpuPod.id)).toMatchObject({
      cpu: { id: "cpu3c", vcpuCount: 4 },
      cmd: ["sleep", "infinity"],
    });
    for (const one of await pods()) {
      await ask(`mutation { podTerminate(input: { podId: "${one.id}" }) }`);
    }
    expect(await pods()).toEqual([]);
  });

  test("a refusal comes in errors[], marked as RunPod's, with status 200", async () => {
    await emulator.call("POST", "/_emulator/capacity", { gpuTypeId: "NVIDIA L40S", available: 0 });
    expect(await deploy({ cloudType: "ALL" })).toEqual({
      errors: [
        {
          message: CAPACITY_TEXT,
          path: ["podFindAndDeployOnDemand"],
          extensions: { code: "RUNPOD" },
        },
      ],
      data: { podFindAndDeployOnDemand: null },
    });
    const gone = await ask('mutation { podStop(input: { podId: "nope" }) { id } }');
    expect(gone.errors[0].message).toBe('pod "nope" not found');
    const none = await deploy({ gpuCount: 0, cloudType: "SECURE", gpuTypeId: "NVIDIA B200" });
    expect(none.errors[0].message).toBe(CAPACITY_TEXT);
    for (const field of ["containerDiskInGb", "volumeInGb"]) {
      const negative = await deploy({ [field]: -5 });
      expect(negative.errors[0].message).toBe(`${field} -5 must be at least 0. Correct it.`);
    }
    const timed = await deploy({ stopAfter: "2027-01-01T00:00:00Z" });
    expect(timed.errors[0].message).toBe("stopAfter is not emulated. Leave it out.");
    expect((await emulator.ledger()).pods).toEqual([]);
  });

  test("a volume disk without a path makes a pod that never starts", async () => {
    const { id } = (await deploy({ volumeMountPath: "" })).data.podFindAndDeployOnDemand;
    expect((await v2(id)).status).toBe("STARTING");
  });

  test("a network volume of the account is found and mounted", async () => {
    await emulator.call("POST", "/v2/network-volumes", volumeBody());
    const user = await ask(
      "query myself { myself { id pubKey networkVolumes { id name size dataCenterId } } }",
    );
    const [volume] = user.data.myself.networkVolumes;
    expect(volume).toMatchObject({ name: "cache", size: 100, dataCenterId: "EU-RO-1" });
    const made = await deploy({ networkVolumeId: volume.id, dataCenterId: "EU-RO-1" });
    expect(await v2(made.data.podFindAndDeployOnDemand.id)).toMatchObject({
      mounts: { network: [{ volumeId: volume.id, path: "/workspace" }] },
    });
  });

  test("the account shows its spend limit, and keeps SSH keys", async () => {
    const limited = await startTestEmulator({ spendLimit: 80 });
    const query = `query { myself { id email clientBalance currentSpendPerHr spendLimit
      notifyPodsStale notifyPodsGeneral notifyLowBalance } }`;
    const { body } = await limited.call("POST", "/graphql", { query });
    await limited.close();
    expect(body.data.myself.spendLimit).toBe(80);
    const set = `mutation Mutation($input: UpdateUserSettingsInput) {
      updateUserSettings(input: $input) { id pubKey } }`;
    const pubKey = "ssh-ed25519 AAAA one\n\nssh-ed25519 BBBB two";
    await ask(set, { input: { pubKey } });
    expect((await emulator.call("GET", "/v2/account/ssh-keys")).body.keys).toEqual([
      "ssh-ed25519 AAAA one",
      "ssh-ed25519 BBBB two",
    ]);
  });

  test("data centers show their GPUs", async () => {
    const { data } = await ask(`query { dataCenters { id name location
      gpuAvailability { gpuTypeId displayName stockStatus } } }`);
    const one = data.dataCenters.find(({ id }: { id: string }) => id === "US-KS-2");
    expect(one).toMatchObject({ location: "US" });
    expect(one.gpuAvailability).toContainEqual({
      gpuTypeId: "NVIDIA L40S",
      displayName: "L40S",
      stockStatus: "High",
    });
  });

  test("a template is saved, changed, used and deleted", async () => {
    const fields = `name: "t", imageName: "python:3.12", dockerArgs: "sleep 60", containerDiskInGb: 10,
      volumeInGb: 20, volumeMountPath: "/data", ports: "80/http", env: [{ key: "K", value: "v" }],
      isServerless: false, containerRegistryAuthId: "", startSsh: true, isPublic: false, readme: ""`;
    const shown = `{ id name imageName dockerArgs containerDiskInGb volumeInGb volumeMountPath ports
      env { key value } isServerless }`;
    const saved = (await ask(`mutation { saveTemplate(input: { ${fields} }) ${shown} }`)).data
      .saveTemplate;
    expect(saved).toMatchObject({ dockerArgs: "sleep 60", env: [{ key: "K", value: "v" }] });
    const other = fields.replace("3.12", "3.13");
    await ask(`mutation { saveTemplate(input: { id: "${saved.id}", ${other} }) { id } }`);
    const made = await deploy({
      templateId: saved.id,
      imageName: "",
      dockerArgs: "",
      ports: "",
      volumeInGb: 0,
    });
    const { id } = made.data.podFindAndDeployOnDemand;
    expect(await v2(id)).toMatchObject({
      image: "python:3.13",
      ports: ["80/http"],
      mounts: { persistent: { size: 20, path: "/data" } },
    });
    await ask(`mutation { podTerminate(input: { podId: "${id}" }) }`);
    expect(await ask('mutation { deleteTemplate(templateName: "t") }')).toEqual({
      data: { deleteTemplate: null },
    });
  });
});
