import type { Shape } from "./shape";

/**
 * The known inputs of RunPod's GraphQL mutations: the schema is not published with the descriptions
 * of REST. Sources: docs.runpod.io/sdks/graphql/manage-pods and manage-endpoints;
 * the inputs of the Pulumi provider `runpod` 1.9, which was generated from that schema; runpodctl and
 * runpod-python.
 */
const text: Shape = { types: ["string", "null"] };
const whole: Shape = { types: ["integer", "null"] };
const number: Shape = { types: ["number", "null"] };
const flag: Shape = { types: ["boolean", "null"] };
const texts: Shape = { types: ["array", "null"], items: { types: ["string"] } };
const variables: Shape = {
  types: ["array", "null"],
  items: {
    types: ["object"],
    required: ["key", "value"],
    fields: { key: { types: ["string"] }, value: { types: ["string"] } },
  },
};

const container = {
  containerDiskInGb: whole,
  containerRegistryAuthId: text,
  dockerArgs: text,
  env: variables,
  imageName: text,
  name: text,
  ports: text,
  startJupyter: flag,
  startScript: text,
  startSsh: flag,
  volumeInGb: whole,
  volumeMountPath: text,
};

const pod: Shape = {
  types: ["object"],
  fields: {
    ...container,
    aiApiId: text,
    allowedCudaVersions: texts,
    bidPerGpu: number,
    cloudType: { ...text, words: ["ALL", "SECURE", "COMMUNITY"] },
    clusterId: text,
    clusterIp: text,
    computeType: text,
    countryCode: text,
    cudaVersion: text,
    dataCenterId: text,
    dataCenterIds: texts,
    deployCost: number,
    globalNetwork: flag,
    globalNetworking: flag,
    gpuCount: whole,
    gpuTypeId: text,
    gpuTypeIdList: texts,
    instanceId: text,
    instanceIds: texts,
    machineId: text,
    minCudaVersion: text,
    minDisk: number,
    minDownload: number,
    minMemoryInGb: whole,
    minUpload: number,
    minVcpuCount: whole,
    networkVolumeId: text,
    podId: text,
    port: whole,
    savingsPlan: {},
    stopAfter: text,
    supportPublicIp: flag,
    templateId: text,
    terminateAfter: text,
    vcpuCount: whole,
    volumeKey: text,
  },
};

const template: Shape = {
  types: ["object"],
  fields: {
    ...container,
    advancedStart: flag,
    boundEndpointId: text,
    category: text,
    config: {},
    id: text,
    isPublic: flag,
    isServerless: flag,
    readme: text,
  },
};

const endpoint: Shape = {
  types: ["object"],
  fields: {
    allowedCudaVersions: { types: ["string", "array", "null"] },
    dataCenterIds: { types: ["string", "array", "null"] },
    executionTimeoutMs: whole,
    flashBootType: text,
    gpuCount: whole,
    gpuIds: text,
    id: text,
    idleTimeout: whole,
    instanceIds: texts,
    locations: text,
    minCudaVersion: text,
    modelName: text,
    modelReferences: texts,
    name: text,
    networkVolumeId: text,
    networkVolumeIds: {},
    scalerType: text,
    scalerValue: whole,
    template,
    templateId: text,
    type: text,
    workersMax: whole,
    workersMin: whole,
  },
};

const volume: Shape = {
  types: ["object"],
  required: ["size", "dataCenterId"],
  fields: { dataCenterId: text, name: text, size: whole },
};

export const GRAPHQL_INPUTS = { pod, template, endpoint, volume };

/** Mutations that create or change something, and what their input describes. */
export const MUTATIONS: Readonly<Record<string, keyof typeof GRAPHQL_INPUTS>> = {
  createNetworkVolume: "volume",
  deployCpuPod: "pod",
  podEditJob: "pod",
  podFindAndDeployOnDemand: "pod",
  podRentInterruptable: "pod",
  saveEndpoint: "endpoint",
  saveTemplate: "template",
};
