export type {
  AttributableResource,
  CostCenter,
  CreateCostCenterRequest,
  CreateDelegationRequest,
  CreateGlobalVolumeRequest,
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateRegistryRequest,
  CreateSecretRequest,
  CreateTagRequest,
  CreateTemplateRequest,
  EcrDelegation,
  GlobalVolume,
  GpuType,
  NetworkVolume,
  Pod,
  Registry,
  Secret,
  Template,
  UpdateCostCenterRequest,
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
  SshKeysApi,
} from "./account-objects";
export type { Collection } from "./collection";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type RunpodApi } from "./runpod-api";
