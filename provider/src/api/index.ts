export type {
  CpuType,
  CreateEndpointRequest,
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateTemplateRequest,
  Endpoint,
  GpuType,
  NetworkVolume,
  Pod,
  Template,
  UpdateEndpointRequest,
  UpdateNetworkVolumeRequest,
  UpdatePodRequest,
  UpdateTemplateRequest,
} from "@runpod-stack/openapi";
export type { Call, ClientHooks } from "../http/client";
export type { Collection } from "./collection";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type EndpointWorkers, type RunpodApi } from "./runpod-api";
