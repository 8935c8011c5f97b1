import table from "@runpod-stack/models/data/serverless-pools.json";
import {
  clusterFields,
  costCenterFields,
  ecrDelegationFields,
  type Field,
  globalVolumeFields,
  type Kind,
  podFields,
  registryAuthFields,
  secretFields,
  serverlessEndpointFields,
  sshKeysFields,
  tagFields,
  templateFields,
  type Values,
  volumeFields,
} from "@runpod-stack/provider/schema";
import type { Step } from "./resource";

/** One field of a resource, changed once. */
export interface FieldCase {
  readonly before?: unknown;
  readonly after: unknown;
  readonly step: Step;
  /** The call that is sent: the PATCH body or the action; null for none. */
  readonly sent?: unknown;
  /** Further inputs that both sides need. */
  readonly with?: Values;
  /** Further inputs that only the second side needs. */
  readonly afterwards?: Values;
}

const pod: Values = {
  name: "p",
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA L4"],
};
const cpuPod: Values = { gpuTypeIds: undefined, cpuFlavorIds: ["cpu3c"] };

const labelCases = {
  tags: { before: { team: "ml", app: "chat" }, after: { team: "web" }, step: "updated" },
  // Removed, because no other cost center exists.
  costCenterId: { after: undefined, step: "updated" },
} as const satisfies Record<string, FieldCase>;

const podCases: Record<keyof typeof podFields, FieldCase> = {
  ...labelCases,
  name: { after: "q", step: "updated", sent: { name: "q" } },
  imageName: { after: "python:3.13", step: "updated", sent: { image: "python:3.13" } },
  gpuTypeIds: { after: ["NVIDIA L40S"], step: "replaced" },
  gpuCount: { before: 1, after: 2, step: "replaced" },
  cpuFlavorIds: { before: ["cpu3c"], after: ["cpu3g"], step: "replaced", with: cpuPod },
  vcpuCount: { before: 2, after: 4, step: "replaced", with: cpuPod },
  minRAMPerGPU: { before: 1, after: 2, step: "updated", sent: null },
  minVCPUPerGPU: { before: 1, after: 2, step: "updated", sent: null },
  allowedCudaVersions: { before: ["13.0"], after: ["12.8"], step: "replaced" },
  minCudaVersion: { before: "12.4", after: "12.5", step: "updated", sent: null },
  cloudType: {
    before: "SECURE",
    after: "COMMUNITY",
    step: "replaced",
    with: { gpuTypeIds: ["NVIDIA GeForce RTX 4090"] },
  },
  dataCenterIds: {
    before: ["EU-RO-1"],
    after: ["EU-RO-1", "US-KS-2"],
    step: "updated",
    sent: null,
  },
  containerDiskInGb: { before: 20, after: 30, step: "updated", sent: { disk: 30 } },
  volumeInGb: {
    before: 20,
    after: 30,
    step: "updated",
    sent: { mounts: { persistent: { size: 30, path: "/workspace" } } },
  },
  volumeMountPath: {
    before: "/data",
    after: "/cache",
    step: "updated",
    sent: { mounts: { persistent: { size: 20, path: "/cache" } } },
    with: { volumeInGb: 20 },
  },
  networkVolumeId: { after: undefined, step: "replaced" },
  ports: {
    before: ["8000/http"],
    after: ["8000/http", "22/tcp"],
    step: "updated",
    sent: { ports: ["8000/http", "22/tcp"] },
  },
  env: { before: { A: "1" }, after: { A: "2" }, step: "updated" },
  dockerEntrypoint: {
    before: ["bash", "-c"],
    after: ["sh", "-c"],
    step: "updated",
    sent: { entrypoint: ["sh", "-c"] },
    with: { dockerStartCmd: ["sleep 9999"] },
  },
  dockerStartCmd: {
    before: ["sleep", "1000"],
    after: ["sleep", "2000"],
    step: "updated",
    sent: { cmd: ["sleep", "2000"] },
  },
  containerRegistryAuthId: { after: undefined, step: "updated", sent: { registry: null } },
  templateId: { after: undefined, step: "replaced" },
  globalNetworking: {
    before: false,
    after: true,
    step: "updated",
    sent: { globalNetworking: true },
  },
  locked: { before: false, after: true, step: "updated", sent: { locked: true } },
  startSsh: { before: false, after: true, step: "replaced" },
  startJupyter: { before: false, after: true, step: "replaced" },
  terminateAfter: {
    before: "8h",
    after: "9h",
    step: "updated",
    with: { dockerEntrypoint: ["sleep"], dockerStartCmd: ["infinity"] },
  },
  stopAfter: {
    before: "8h",
    after: undefined,
    step: "updated",
    with: { dockerEntrypoint: ["sleep"], dockerStartCmd: ["infinity"] },
  },
  desiredStatus: { before: "RUNNING", after: "EXITED", step: "updated", sent: { action: "stop" } },
};

const template: Values = { name: "t", imageName: "python:3.12" };

const templateCases: Record<keyof typeof templateFields, FieldCase> = {
  name: { after: "u", step: "updated", sent: { name: "u" } },
  allowDuplicateName: { before: false, after: true, step: "updated", sent: null },
  imageName: { after: "python:3.13", step: "updated", sent: { image: "python:3.13" } },
  containerDiskInGb: { after: 60, step: "updated", sent: { disk: 60 } },
  volumeInGb: {
    before: 20,
    after: 30,
    step: "updated",
    sent: { mounts: { persistent: { size: 30, path: "/workspace" } } },
  },
  volumeMountPath: {
    before: "/data",
    after: "/cache",
    step: "updated",
    sent: { mounts: { persistent: { size: 20, path: "/cache" } } },
    with: { volumeInGb: 20 },
  },
  ports: { after: ["8000/http"], step: "updated", sent: { ports: ["8000/http"] } },
  env: { after: { A: "1" }, step: "updated", sent: { env: { A: "1" } } },
  dockerEntrypoint: { after: ["sh"], step: "updated", sent: { entrypoint: ["sh"] } },
  dockerStartCmd: { after: ["x"], step: "updated", sent: { cmd: ["x"] } },
  containerRegistryAuthId: { after: undefined, step: "updated", sent: { registry: "" } },
  allowedCudaVersions: {
    after: ["12.8"],
    step: "updated",
    sent: { allowedCudaVersions: ["12.8"] },
  },
  startSsh: { after: false, step: "updated", sent: { startSsh: false } },
  startJupyter: { after: false, step: "updated", sent: { startJupyter: false } },
  category: { after: "AMD", step: "updated", sent: { category: "AMD" } },
  isPublic: { after: true, step: "updated", sent: { public: true } },
  isServerless: { after: true, step: "updated", sent: { serverless: true } },
};

const volume: Values = { name: "v", size: 20, dataCenterId: "EU-RO-1" };

const volumeCases: Record<keyof typeof volumeFields, FieldCase> = {
  ...labelCases,
  name: { after: "w", step: "updated", sent: { name: "w" } },
  allowDuplicateName: { before: false, after: true, step: "updated", sent: null },
  size: { after: 40, step: "updated", sent: { size: 40 } },
  dataCenterId: { after: "US-KS-2", step: "replaced", with: { allowReplace: true } },
  type: {
    before: "STANDARD",
    after: "HIGH_PERFORMANCE",
    step: "replaced",
    with: { allowReplace: true },
  },
  allowReplace: { before: false, after: true, step: "updated", sent: null },
};

const endpoint: Values = {
  name: "e",
  imageName: "runpod/worker-v1-vllm:v2.7.0stable-cuda12.1.0",
  gpuTypeIds: ["NVIDIA L4"],
};
const workers = { min: 0, max: 3, idleTimeout: 5 };

const endpointCases: Record<keyof typeof serverlessEndpointFields, FieldCase> = {
  ...labelCases,
  name: { after: "f", step: "updated", sent: { name: "f" } },
  type: { after: "LOAD_BALANCER", step: "replaced" },
  imageName: { after: "python:3.13", step: "updated", sent: { image: "python:3.13" } },
  gpuTypeIds: {
    after: ["NVIDIA L40S"],
    step: "updated",
    sent: { gpu: { count: 1, ...pools("NVIDIA L40S") } },
  },
  gpuCount: {
    before: 1,
    after: 2,
    step: "updated",
    sent: { gpu: { count: 2, ...pools("NVIDIA L4") } },
  },
  cpuFlavorIds: { before: ["cpu3c"], after: ["cpu3g"], step: "replaced", with: cpuPod },
  vcpuCount: {
    before: 2,
    after: 4,
    step: "updated",
    sent: { cpu: [{ id: "cpu3c", vcpuCount: 4 }] },
    with: cpuPod,
  },
  allowedCudaVersions: {
    before: ["12.8"],
    after: undefined,
    step: "updated",
    sent: { gpu: { count: 1, allowedCudaVersions: [], ...pools("NVIDIA L4") } },
  },
  minCudaVersion: {
    before: "12.4",
    after: undefined,
    step: "updated",
    sent: { gpu: { count: 1, minCudaVersion: "", ...pools("NVIDIA L4") } },
  },
  workersMin: {
    before: 0,
    after: 1,
    step: "updated",
    sent: { workers: { ...workers, min: 1 } },
  },
  workersMax: {
    before: 2,
    after: 1,
    step: "updated",
    sent: { workers: { ...workers, max: 1 } },
  },
  idleTimeout: {
    before: 5,
    after: 60,
    step: "updated",
    sent: { workers: { ...workers, idleTimeout: 60 } },
  },
  scalerType: {
    before: "QUEUE_DELAY",
    after: "REQUEST_COUNT",
    step: "updated",
    // No idle timeout, which RunPod rejects here.
    sent: { scaling: { type: "REQUEST_COUNT", requestCount: 4 }, workers: { min: 0, max: 3 } },
  },
  scalerValue: {
    before: 4,
    after: 1.5,
    step: "updated",
    sent: { scaling: { type: "QUEUE_DELAY", queueDelay: 1.5 } },
  },
  flashboot: { before: "FLASHBOOT", after: "OFF", step: "updated", sent: { flashboot: "OFF" } },
  executionTimeout: { before: "10m", after: "90s", step: "updated", sent: { timeout: 90_000 } },
  dataCenterIds: {
    before: ["EU-RO-1"],
    after: ["EU-RO-1", "US-KS-2"],
    step: "updated",
    sent: { dataCenterIds: ["EU-RO-1", "US-KS-2"] },
  },
  networkVolumeIds: { after: undefined, step: "updated", sent: { networkVolumes: [] } },
  globalVolumeId: { after: undefined, step: "updated", sent: { globalVolumes: [] } },
  containerDiskInGb: { before: 20, after: 30, step: "updated", sent: { disk: 30 } },
  ports: { before: ["80/http"], after: ["81/http"], step: "updated", sent: { ports: ["81/http"] } },
  env: { before: { A: "1" }, after: { A: "2" }, step: "updated" },
  dockerEntrypoint: {
    before: ["bash", "-c"],
    after: ["sh", "-c"],
    step: "updated",
    sent: { entrypoint: ["sh", "-c"] },
    with: { dockerStartCmd: ["python handler.py"] },
  },
  dockerStartCmd: {
    before: ["python", "handler.py"],
    after: ["python", "-u", "handler.py"],
    step: "updated",
    sent: { cmd: ["python", "-u", "handler.py"] },
  },
  containerRegistryAuthId: { after: undefined, step: "updated", sent: { registry: null } },
  // The settings that it left are kept.
  templateId: { after: undefined, step: "unchanged", sent: null },
  restoreWorkers: { before: false, after: true, step: "updated", sent: null },
  drainTimeout: { before: "5m", after: "1m", step: "updated", sent: null },
};

const sharedName: FieldCase = { before: false, after: true, step: "updated", sent: null };

const secretCases: Record<keyof typeof secretFields, FieldCase> = {
  name: { after: "t", step: "replaced" },
  value: { after: "2", step: "updated", sent: { value: "[hidden]" } },
  description: { after: "d", step: "updated", sent: { description: "d" } },
};

const registryCases: Record<keyof typeof registryAuthFields, FieldCase> = {
  name: { after: "q", step: "replaced" },
  allowDuplicateName: sharedName,
  username: { after: "you", step: "replaced" },
  password: { after: "2", step: "replaced" },
};

const repository = "arn:aws:ecr:us-east-1:123456789012:repository";
const delegationCases: Record<keyof typeof ecrDelegationFields, FieldCase> = {
  name: { after: "q", step: "replaced" },
  allowDuplicateName: sharedName,
  resourceArn: { after: `${repository}/other`, step: "replaced" },
};

const sshKeysCases: Record<keyof typeof sshKeysFields, FieldCase> = {
  keys: {
    after: ["ssh-ed25519 BBBB b"],
    step: "updated",
    sent: { keys: ["ssh-ed25519 BBBB b"] },
  },
};

const tagCases: Record<keyof typeof tagFields, FieldCase> = {
  key: { after: "group", step: "updated", sent: { key: "group" } },
  value: { after: "web", step: "updated", sent: { value: "web" } },
};

const globalVolumeCases: Record<keyof typeof globalVolumeFields, FieldCase> = {
  name: { after: "w", step: "updated", sent: { name: "w" } },
  allowDuplicateName: sharedName,
};

const costCenterCases: Record<keyof typeof costCenterFields, FieldCase> = {
  value: { after: "Sales", step: "updated", sent: { value: "Sales" } },
};

const cluster: Values = {
  name: "c",
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
  gpuCount: 1,
  podCount: 2,
};

const clusterCases: Record<keyof typeof clusterFields, FieldCase> = {
  ...labelCases,
  name: { after: "d", step: "updated", sent: { name: "d" } },
  allowDuplicateName: sharedName,
  type: { before: "TRAINING", after: "RAY", step: "replaced" },
  gpuTypeIds: { after: ["NVIDIA H200"], step: "replaced" },
  gpuCount: { after: 2, step: "replaced" },
  podCount: { after: 3, step: "replaced" },
  dataCenterIds: {
    before: ["EU-RO-1"],
    after: ["EU-RO-1", "US-KS-2"],
    step: "updated",
    sent: null,
  },
  imageName: { after: "python:3.13", step: "replaced" },
  containerDiskInGb: { before: 20, after: 30, step: "replaced" },
  volumeInGb: { before: 20, after: 30, step: "replaced" },
  volumeMountPath: {
    before: "/data",
    after: "/cache",
    step: "replaced",
    with: { volumeInGb: 20 },
  },
  networkVolumeId: { after: undefined, step: "replaced" },
  ports: { before: ["8000/http"], after: ["8000/http", "22/tcp"], step: "replaced" },
  env: { before: { A: "1" }, after: { A: "2" }, step: "replaced" },
  dockerEntrypoint: { before: ["bash", "-c"], after: ["sh", "-c"], step: "replaced" },
  dockerStartCmd: { after: ["sleep", "2000"], step: "replaced" },
  templateId: {
    after: undefined,
    step: "replaced",
    with: { imageName: undefined, dockerStartCmd: undefined },
    afterwards: { imageName: "python:3.12" },
  },
  startSsh: { before: false, after: true, step: "replaced" },
  startJupyter: { before: false, after: true, step: "replaced" },
};

/** Each kind, its inputs without the field, one case for each field, and its field table. */
export const KINDS: readonly [Kind, Values, Record<string, FieldCase>, Record<string, Field>][] = [
  ["Pod", pod, podCases, podFields],
  ["Template", template, templateCases, templateFields],
  ["Volume", volume, volumeCases, volumeFields],
  ["ServerlessEndpoint", endpoint, endpointCases, serverlessEndpointFields],
  ["Secret", { name: "s", value: "1" }, secretCases, secretFields],
  ["RegistryAuth", { name: "r", username: "me", password: "1" }, registryCases, registryAuthFields],
  [
    "EcrDelegation",
    { name: "e", resourceArn: `${repository}/worker` },
    delegationCases,
    ecrDelegationFields,
  ],
  ["SshKeys", { keys: ["ssh-ed25519 AAAA a"] }, sshKeysCases, sshKeysFields],
  ["Tag", { key: "owner", value: "ml" }, tagCases, tagFields],
  ["GlobalVolume", { name: "g" }, globalVolumeCases, globalVolumeFields],
  ["CostCenter", { value: "Research" }, costCenterCases, costCenterFields],
  ["Cluster", cluster, clusterCases, clusterFields],
];

/** The pools of a GPU type, without their other types. */
function pools(id: string): Values {
  const pool = table.pools.find(({ gpuTypeIds }) => gpuTypeIds.includes(id));
  const excludedTypes = pool?.gpuTypeIds.filter((type) => type !== id) ?? [];
  return { pools: [pool?.id], excludedTypes: excludedTypes.sort() };
}
