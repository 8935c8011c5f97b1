export {
  type Change,
  type Field,
  type FieldTable,
  isDisruptive,
  type Removal,
  type Values,
} from "./field";
export { type Checked, checkInputs, pickInputs, sealInputs } from "./inputs";
export { EARLIEST_TIME, fullCommand, hasLifetime, LIFETIMES } from "./lifetime";
export { type PodInputs, podFields, podRules } from "./pod";
export { type PodEndpointInputs, podEndpointFields, podEndpointRules } from "./pod-endpoint";
export { bothKnown, listed, type Problem, problem, type Rule } from "./rules";
export { seal, unseal } from "./secret";
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
export { hasUnknown, isUnknown, UNKNOWN } from "./unknown";
export { type VolumeInputs, volumeFields, volumeRules } from "./volume";
