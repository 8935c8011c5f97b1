export type { FunctionOptions } from "./account";
export type { OutputFunctionOptions } from "./call";
export {
  type ClusterInfo,
  type ClusterPodInfo,
  type GetClusterArgs,
  type GetClusterResult,
  type GetClustersArgs,
  type GetClustersResult,
  getCluster,
  getClusterOutput,
  getClusters,
  getClustersOutput,
} from "./clusters";
export {
  type CpuFlavorInfo,
  type GetCpuFlavorsArgs,
  type GetCpuFlavorsResult,
  getCpuFlavors,
  getCpuFlavorsOutput,
} from "./cpu-flavors";
export {
  type DataCenterInfo,
  type GetDataCentersArgs,
  type GetDataCentersResult,
  getDataCenters,
  getDataCentersOutput,
} from "./data-centers";
export {
  type EndpointInfo,
  type GetEndpointArgs,
  type GetEndpointResult,
  type GetEndpointsArgs,
  type GetEndpointsResult,
  getEndpoint,
  getEndpointOutput,
  getEndpoints,
  getEndpointsOutput,
} from "./endpoints";
export type { SecretEnv } from "./environment";
export {
  type GetGpuTypesArgs,
  type GetGpuTypesResult,
  type GpuTypeInfo,
  getGpuTypes,
  getGpuTypesOutput,
} from "./gpu-types";
export {
  type GetPodArgs,
  type GetPodResult,
  type GetPodsArgs,
  type GetPodsResult,
  getPod,
  getPodOutput,
  getPods,
  getPodsOutput,
  type PodInfo,
} from "./pods";
export {
  type GetRegistriesArgs,
  type GetRegistriesResult,
  getRegistries,
  getRegistriesOutput,
  type RegistryInfo,
} from "./registries";
export type { Stock } from "./stock";
export {
  type GetTemplateArgs,
  type GetTemplateResult,
  type GetTemplatesArgs,
  type GetTemplatesResult,
  getTemplate,
  getTemplateOutput,
  getTemplates,
  getTemplatesOutput,
  type TemplateInfo,
} from "./templates";
export {
  type GetVolumeArgs,
  type GetVolumesArgs,
  type GetVolumesResult,
  getVolume,
  getVolumeOutput,
  getVolumes,
  getVolumesOutput,
  type VolumeInfo,
} from "./volumes";
