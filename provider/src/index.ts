import "./core/node-version";

export { Pod, type PodArgs } from "./resources/pod";
export { PodEndpoint, type PodEndpointArgs } from "./resources/pod-endpoint";
export { Provider, type ProviderArgs } from "./resources/provider";
export { Template, type TemplateArgs } from "./resources/template";
export { Volume, type VolumeArgs } from "./resources/volume";
