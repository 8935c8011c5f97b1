export type {
  CpuType,
  CreateEndpointRequest,
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateTemplateRequest,
  DataCenter,
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
export { type EndpointUrls, urlsOf } from "./endpoint-urls";
export type { Job, JobRequest } from "./jobs";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type EndpointWorkers, type RunpodApi } from "./runpod-api";
