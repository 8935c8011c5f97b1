import "./core/node-version";

export * from "./functions";
export { Cluster, type ClusterArgs } from "./resources/cluster";
export { CostCenter, type CostCenterArgs } from "./resources/cost-center";
export { EcrDelegation, type EcrDelegationArgs } from "./resources/ecr-delegation";
export {
  EndpointReady,
  type EndpointReadyArgs,
  type ReadyByJobArgs,
  type ReadyByPathArgs,
  type ReadyOfEndpointArgs,
  type ReadyOfEndpointIdArgs,
} from "./resources/endpoint-ready";
export { GlobalVolume, type GlobalVolumeArgs } from "./resources/global-volume";
export { type CpuPodArgs, type GpuPodArgs, Pod, type PodArgs } from "./resources/pod";
export {
  type EndpointOfPodArgs,
  type EndpointOfPodIdArgs,
  PodEndpoint,
  type PodEndpointArgs,
} from "./resources/pod-endpoint";
export type { PolicyWaiver } from "./resources/policy-waivers";
export { Provider, type ProviderArgs } from "./resources/provider";
export { RegistryAuth, type RegistryAuthArgs } from "./resources/registry-auth";
export { runpodSecret, Secret, type SecretArgs } from "./resources/secret";
export {
  type CpuServerlessEndpointArgs,
  type GpuServerlessEndpointArgs,
  ServerlessEndpoint,
  type ServerlessEndpointArgs,
} from "./resources/serverless-endpoint";
export { SshKeys, type SshKeysArgs } from "./resources/ssh-keys";
export { Tag, type TagArgs } from "./resources/tag";
export { Template, type TemplateArgs } from "./resources/template";
export { Volume, type VolumeArgs } from "./resources/volume";
export type { Duration } from "./schema/completed";
export type { DataCenterId, GpuTypeId } from "./schema/generated/catalog";
