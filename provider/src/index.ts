import "./core/node-version";

export { type CpuPodArgs, type GpuPodArgs, Pod, type PodArgs } from "./resources/pod";
export {
  type EndpointOfPodArgs,
  type EndpointOfPodIdArgs,
  PodEndpoint,
  type PodEndpointArgs,
} from "./resources/pod-endpoint";
export type { PolicyWaiver } from "./resources/policy-waivers";
export { Provider, type ProviderArgs } from "./resources/provider";
export {
  type CpuServerlessEndpointArgs,
  type GpuServerlessEndpointArgs,
  ServerlessEndpoint,
  type ServerlessEndpointArgs,
} from "./resources/serverless-endpoint";
export { Template, type TemplateArgs } from "./resources/template";
export { Volume, type VolumeArgs } from "./resources/volume";
export type { Duration } from "./schema/completed";
export type { DataCenterId, GpuTypeId } from "./schema/generated/catalog";
