export {
  type ClusterInputs,
  type ClusterOutputs,
  type ClusterProperties,
  clusterFields,
  type WholeCluster,
} from "./cluster";
export { clusterRules } from "./cluster-rules";
export type { ContainerInputs } from "./container";
export { type CostCenterInputs, costCenterFields } from "./cost-center";
export {
  type EcrDelegationInputs,
  type EcrDelegationOutputs,
  type EcrDelegationProperties,
  ecrDelegationFields,
} from "./ecr-delegation";
export {
  type EndpointReadyInputs,
  type EndpointReadyOutputs,
  type EndpointReadyProperties,
  endpointReadyFields,
  endpointReadyRules,
} from "./endpoint-ready";
export {
  type Change,
  type Field,
  type FieldTable,
  type Inputs,
  isDisruptive,
  type Previewed,
  type Removal,
  type Reported,
  rowsOf,
  type Stored,
  type Values,
} from "./field";
export { DATA_CENTER_IDS, GPU_TYPE_IDS } from "./generated/catalog";
export {
  type GlobalVolumeInputs,
  type GlobalVolumeOutputs,
  type GlobalVolumeProperties,
  globalVolumeFields,
} from "./global-volume";
export {
  type AccountMark,
  type GpuSelection,
  type Hidden,
  isHidden,
  type Labels,
  type Live,
  POLICY_WAIVERS,
  TEMPLATE_RESOLVED,
} from "./hidden";
export { type Checked, checkInputs, pickInputs, sealInputs, sealOutputs } from "./inputs";
export { isUnpacked, packInputs, packOutputs, unpack } from "./kept";
export { type LabelInputs, labelFields } from "./labels";
export { EARLIEST_TIME, fullCommand, hasLifetime, LIFETIME_FIELDS, LIFETIMES } from "./lifetime";
export { bareName, misspelt, suggestions } from "./near";
export { type PodInputs, type PodOutputs, type PodProperties, podFields } from "./pod";
export {
  type PodEndpointInputs,
  type PodEndpointOutputs,
  type PodEndpointProperties,
  podEndpointFields,
  podEndpointRules,
} from "./pod-endpoint";
export { podRules } from "./pod-rules";
export { type RegistryAuthInputs, registryAuthFields } from "./registry-auth";
export { bothKnown, listed, type Problem, problem, type Rule } from "./rules";
export { seal, unseal } from "./sealing";
export {
  type SecretInputs,
  type SecretOutputs,
  type SecretProperties,
  secretFields,
  secretRules,
} from "./secret";
export {
  type ServerlessEndpointInputs,
  type ServerlessEndpointOutputs,
  type ServerlessEndpointProperties,
  serverlessEndpointFields,
} from "./serverless-endpoint";
export { serverlessEndpointRules } from "./serverless-endpoint-rules";
export { keyId, type SshKeysInputs, sshKeysFields } from "./ssh-keys";
export { type TagInputs, tagFields } from "./tag";
export { type TemplateInputs, templateFields, templateRules } from "./template";
export {
  handlerLine,
  KINDS,
  type Kind,
  MAX_ENV,
  STATE_VERSION,
  STOP_AFTER_ENV,
  TERMINATE_AFTER_ENV,
  TOKEN_ENV,
  typeToken,
} from "./tokens";
export { hasUnknown, isUnknown, type Known, UNKNOWN, type Unknown } from "./unknown";
export { type VolumeInputs, volumeFields, volumeRules } from "./volume";
export { fromWire, toWire, wirePlaces } from "./wire";
