export type {
  CpuType,
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateTemplateRequest,
  DataCenter,
  GpuType,
  NetworkVolume,
  Pod,
  Template,
  UpdateNetworkVolumeRequest,
  UpdatePodRequest,
  UpdateTemplateRequest,
} from "@runpod-stack/openapi";
export type { Call, ClientHooks } from "../http/client";
export type { Collection } from "./collection";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type RunpodApi } from "./runpod-api";
