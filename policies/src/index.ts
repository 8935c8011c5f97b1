export { type Judgement, judge, judgement, type Violation, type Waived } from "./judge";
export { runpodPolicies } from "./pack";
export type { Certainty, Finding, Item, Level, Option, Options, Rule, Severity } from "./rule";
export { rules } from "./rules";
export {
  type Config,
  configProblems,
  type Preset,
  presetConfig,
  type Setting,
  type Settings,
  settingsOf,
} from "./settings";
export type {
  ContainerSpec,
  EndpointSpec,
  PodEndpointSpec,
  PodSpec,
  Spec,
  VolumeSpec,
} from "./spec";
export { specOf } from "./spec";
export type { Waiver } from "./waivers";
