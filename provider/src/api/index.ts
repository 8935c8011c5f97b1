export type {
  AttributableResource,
  Cluster,
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
  Endpoint,
  GlobalVolume,
  GpuType,
  NetworkVolume,
  Pod,
  Registry,
  Secret,
  Template,
  UpdateClusterRequest,
  UpdateCostCenterRequest,
  UpdateEndpointRequest,
  UpdateGlobalVolumeRequest,
  UpdateNetworkVolumeRequest,
  UpdatePodRequest,
  UpdateSecretRequest,
  UpdateTagRequest,
  UpdateTemplateRequest,
} from "@runpod-stack/openapi";
export type { Call, ClientHooks } from "../http/client";
export type {
  Fixed,
  NamedCostCenter,
  NamedDelegation,
  NamedTag,
} from "./account-objects";
export { costOfPods } from "./clusters";
export type { Collection } from "./collection";
export { urlsOf } from "./endpoint-urls";
export type { Job, JobRequest } from "./jobs";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type EndpointWorkers, type RunpodApi } from "./runpod-api";
