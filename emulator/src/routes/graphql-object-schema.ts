/** RunPod's types of endpoints, registry credentials, network volumes and public templates. */
export const OBJECT_TYPES = `
  extend type Query {
    podTemplates(input: PodTemplateInput): [PodTemplate]
    serverlessGpuPools: [ServerlessGpuPool]
  }
  extend type Mutation {
    saveEndpoint(input: EndpointInput!): Endpoint
    updateEndpointTemplate(input: UpdateEndpointTemplateInput): Endpoint
    deleteEndpoint(id: String!): Void
    saveRegistryAuth(input: SaveRegistryAuthInput!): ContainerRegistryAuth
    updateRegistryAuth(input: UpdateRegistryAuthInput!): ContainerRegistryAuth
    deleteRegistryAuth(registryAuthId: String!): Boolean
    createNetworkVolume(input: CreateNetworkVolumeInput!): NetworkVolume
    updateNetworkVolume(input: UpdateNetworkVolumeInput!): NetworkVolume
    deleteNetworkVolume(input: DeleteNetworkVolumeInput!): Void
  }
  extend type User {
    endpoints: [Endpoint]
    containerRegistryCreds: [ContainerRegistryAuth]
  }
  input PodTemplateInput { isRunpod: Boolean }
  type ServerlessGpuPool { id: String gpuTypeIds: [String] }
  input SaveRegistryAuthInput { name: String! username: String! password: String! }
  input UpdateRegistryAuthInput { id: String! username: String! password: String! }
  type ContainerRegistryAuth { id: String name: String }
  input CreateNetworkVolumeInput { name: String! size: Int! dataCenterId: String! }
  input UpdateNetworkVolumeInput { id: String! name: String size: Int }
  input DeleteNetworkVolumeInput { id: String! }
  input UpdateEndpointTemplateInput { endpointId: String! templateId: String! }
  input NetworkVolumeIdInput { networkVolumeId: String! }
  input EndpointTemplateInput {
    name: String
    imageName: String
    containerDiskInGb: Int
    containerRegistryAuthId: String
    dockerArgs: String
    env: [EnvironmentVariableInput]
    ports: String
  }
  input EndpointInput {
    id: String
    name: String
    type: String
    templateId: String
    template: EndpointTemplateInput
    hubReleaseId: String
    gpuIds: String
    gpuCount: Int
    instanceIds: [String]
    computeType: String
    workersMin: Int
    workersMax: Int
    workersStandby: Int
    locations: String
    networkVolumeId: String
    networkVolumeIds: [NetworkVolumeIdInput]
    idleTimeout: Int
    scalerType: String
    scalerValue: Int
    executionTimeoutMs: Int
    allowedCudaVersions: String
    minCudaVersion: String
    flashBootType: FlashBootType
    modelReferences: [String]
  }
  enum FlashBootType { OFF FLASHBOOT PRIORITY_FLASHBOOT }
  type Endpoint {
    id: String
    aiKey: String
    name: String
    type: String
    userId: String
    version: Int
    createdAt: String
    templateId: String
    env: [EnvironmentVariable]
    gpuIds: String
    gpuCount: Int
    instanceIds: [String]
    computeType: String
    workersMin: Int
    workersMax: Int
    workersStandby: Int
    locations: String
    networkVolumeId: String
    networkVolumeIds: [EndpointNetworkVolume]
    networkVolume: NetworkVolume
    idleTimeout: Int
    scalerType: String
    scalerValue: Int
    executionTimeoutMs: Int
    allowedCudaVersions: String
    minCudaVersion: String
    flashBootType: FlashBootType
    modelReferences: [String]
    pods: [Pod]
  }
  type EndpointNetworkVolume { networkVolumeId: String dataCenterId: String }
`;
