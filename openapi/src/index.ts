import { readFileSync } from "node:fs";
import path from "node:path";

export type {
  AttributableResource,
  Cloud,
  Cluster,
  ContainerConfig,
  CostCenter,
  CpuType,
  CreateClusterRequest,
  CreateCostCenterRequest,
  CreateDelegationRequest,
  CreateEndpointRequest,
  CreateGlobalVolumeRequest,
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateRegistryRequest,
  CreateSecretRequest,
  CreateTagRequest,
  CreateTemplateRequest,
  DataCenter,
  EcrDelegation,
  Endpoint,
  EndpointScaling,
  EndpointType,
  FlashBoot,
  GlobalVolume,
  GpuType,
  ListEndpointReleasesResponse,
  ListEndpointWorkersResponse,
  NetworkVolume,
  Pagination,
  Pod,
  PodAction,
  PodCluster,
  PodRuntime,
  PodStatus,
  Registry,
  Secret,
  SshKeys,
  Tag,
  Template,
  TemplateMounts,
  UpdateClusterRequest,
  UpdateCostCenterRequest,
  UpdateEndpointRequest,
  UpdateGlobalVolumeRequest,
  UpdateNetworkVolumeRequest,
  UpdatePodRequest,
  UpdateSecretRequest,
  UpdateSshKeysRequest,
  UpdateTagRequest,
  UpdateTemplateRequest,
  Worker,
} from "./generated/types";
export {
  zCluster,
  zCostCenter,
  zCpuType,
  zDataCenter,
  zEcrDelegation,
  zEndpoint,
  zGlobalVolume,
  zGpuType,
  zListEndpointReleasesResponse,
  zListEndpointWorkersResponse,
  zNetworkVolume,
  zPagination,
  zPod,
  zRegistry,
  zSecret,
  zSshKeys,
  zTag,
  zTemplate,
} from "./generated/validators";

/** The parts of an OpenAPI description that those who validate by it look at. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

/** RunPod's description of REST v1, patched. A new copy at each call. */
export function v1Document(): OpenApiDocument {
  return read("v1");
}

/** RunPod's description of REST v2, patched. A new copy at each call. */
export function v2Document(): OpenApiDocument {
  return read("v2");
}

/** Read when asked for: the provider never needs it, and it would slow down its start. */
function read(version: string): OpenApiDocument {
  const file = path.join(__dirname, "generated/openapi", `${version}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}
