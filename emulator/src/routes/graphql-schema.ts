import { buildSchema } from "graphql";
import { OBJECT_TYPES } from "./graphql-object-schema";

const DEPLOY_FIELDS = `
    allowedCudaVersions: [String]
    cloudType: CloudTypeEnum
    compliance: [String]
    containerDiskInGb: Int
    containerRegistryAuthId: String
    countryCode: String
    dataCenterId: String
    deployCost: Float
    dockerArgs: String
    env: [EnvironmentVariableInput]
    globalNetwork: Boolean
    imageName: String
    minCudaVersion: String
    minDownload: Int
    minMemoryInGb: Int
    minUpload: Int
    minVcpuCount: Int
    name: String
    networkVolumeId: String
    ports: String
    startJupyter: Boolean
    startSsh: Boolean
    stopAfter: String
    supportPublicIp: Boolean
    templateId: String
    terminateAfter: String
    volumeInGb: Int
    volumeMountPath: String
`;

/** The part of RunPod's schema that runpodctl, the Python SDK and guides use. */
export const schema = buildSchema(`
  scalar Void
  type Query {
    pod(input: PodFilter): Pod
    myself: User
    gpuTypes(input: GpuTypeFilter): [GpuType]
    dataCenters: [DataCenter]
  }
  type Mutation {
    podFindAndDeployOnDemand(input: PodFindAndDeployOnDemandInput): Pod
    deployCpuPod(input: deployCpuPodInput): Pod
    podStop(input: PodStopInput!): Pod
    podResume(input: PodResumeInput!): Pod
    podTerminate(input: PodTerminateInput!): Void
    saveTemplate(input: SaveTemplateInput): PodTemplate
    deleteTemplate(templateName: String): Void
    updateUserSettings(input: UpdateUserSettingsInput): User
  }
  enum CloudTypeEnum { ALL SECURE COMMUNITY }
  input PodFilter { podId: String }
  input GpuTypeFilter { id: String ids: [String] }
  input GpuLowestPriceInput {
    allowedCudaVersions: [String]
    gpuCount: Int
    minMemoryInGb: Int
    minVcpuCount: Int
    secureCloud: Boolean
    totalDisk: Int
  }
  input EnvironmentVariableInput { key: String value: String }
  input PodFindAndDeployOnDemandInput {
    gpuCount: Int
    gpuTypeId: String
    gpuTypeIdList: [String]
    ${DEPLOY_FIELDS}
  }
  input deployCpuPodInput {
    instanceId: String
    ${DEPLOY_FIELDS}
  }
  input PodStopInput { podId: String! }
  input PodResumeInput { podId: String! gpuCount: Int }
  input PodTerminateInput { podId: String! }
  input UpdateUserSettingsInput { pubKey: String }
  input SaveTemplateInput {
    id: String
    name: String!
    imageName: String!
    dockerArgs: String
    containerDiskInGb: Int!
    volumeInGb: Int!
    volumeMountPath: String
    ports: String
    env: [EnvironmentVariableInput]!
    isServerless: Boolean
    isPublic: Boolean
    containerRegistryAuthId: String
    startSsh: Boolean
    startJupyter: Boolean
    readme: String
  }
  type User {
    id: String
    email: String
    pubKey: String
    clientBalance: Float
    currentSpendPerHr: Float
    spendLimit: Float
    notifyPodsStale: Boolean
    notifyPodsGeneral: Boolean
    notifyLowBalance: Boolean
    pods: [Pod]
    podTemplates: [PodTemplate]
    networkVolumes: [NetworkVolume]
  }
  type NetworkVolume { id: String name: String size: Int dataCenterId: String }
  type EnvironmentVariable { key: String value: String }
  type PodTemplate {
    id: String
    name: String
    imageName: String
    dockerArgs: String
    containerDiskInGb: Int
    volumeInGb: Int
    volumeMountPath: String
    ports: String
    env: [EnvironmentVariable]
    isServerless: Boolean
    isPublic: Boolean
    isRunpod: Boolean
    category: String
    containerRegistryAuthId: String
    advancedStart: Boolean
    startJupyter: Boolean
    startScript: String
    startSsh: Boolean
    readme: String
  }
  type Pod {
    id: String
    name: String
    imageName: String
    templateId: String
    desiredStatus: String
    lastStatusChange: String
    podType: String
    costPerHr: Float
    gpuCount: Int
    vcpuCount: Float
    memoryInGb: Float
    containerDiskInGb: Float
    volumeInGb: Float
    volumeMountPath: String
    dockerArgs: String
    dockerId: String
    env: [String]
    port: Int
    ports: String
    uptimeSeconds: Int
    machineId: String
    machine: PodMachineInfo
    runtime: PodRuntime
  }
  type PodMachineInfo {
    podHostId: String
    gpuDisplayName: String
    gpuTypeId: String
    dataCenterId: String
    location: String
    secureCloud: Boolean
  }
  type PodRuntime {
    uptimeInSeconds: Int
    ports: [PodRuntimePort]
    gpus: [PodRuntimeGpu]
    container: PodRuntimeContainer
  }
  type PodRuntimePort {
    ip: String
    isIpPublic: Boolean
    privatePort: Int
    publicPort: Int
    type: String
  }
  type PodRuntimeGpu { id: String gpuUtilPercent: Int memoryUtilPercent: Int }
  type PodRuntimeContainer { cpuPercent: Int memoryPercent: Int }
  type GpuType {
    id: String
    displayName: String
    manufacturer: String
    memoryInGb: Int
    cudaCores: Int
    maxGpuCount: Int
    secureCloud: Boolean
    communityCloud: Boolean
    securePrice: Float
    communityPrice: Float
    secureSpotPrice: Float
    communitySpotPrice: Float
    oneWeekPrice: Float
    oneMonthPrice: Float
    threeMonthPrice: Float
    lowestPrice(input: GpuLowestPriceInput): LowestPrice
  }
  type LowestPrice {
    gpuName: String
    gpuTypeId: String
    minimumBidPrice: Float
    uninterruptablePrice: Float
    minMemory: Int
    minVcpu: Int
    stockStatus: String
    gpuTypeCudaVersions: [GpuTypeCudaVersion]
  }
  type GpuTypeCudaVersion { cudaVersion: String availability: String }
  type DataCenter {
    id: String
    name: String
    location: String
    gpuAvailability: [GpuAvailability]
  }
  type GpuAvailability {
    id: String
    gpuTypeId: String
    displayName: String
    available: Boolean
    stockStatus: String
  }
  ${OBJECT_TYPES}
`);
