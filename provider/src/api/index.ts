export type {
  CreateNetworkVolumeRequest,
  CreatePodRequest,
  CreateTemplateRequest,
  GpuType,
  NetworkVolume,
  Pod,
  Template,
  UpdatePodRequest,
} from "@runpod-stack/openapi";
export type { LogLine } from "./logs";
export { type ProbeResult, probe } from "./probe";
export { createRunpodApi, type RunpodApi } from "./runpod-api";
