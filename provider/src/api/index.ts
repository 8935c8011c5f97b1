export type { Call, ClientHooks } from "../http/client";
export type {
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateTemplateRequest,
  GpuType,
  NetworkVolume,
  Pod,
  Template,
  UpdatePodRequest,
} from "../wire";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type RunpodApi } from "./runpod-api";
