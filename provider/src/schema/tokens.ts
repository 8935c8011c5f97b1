/** The kinds of resources this package has. */
export const KINDS = [
  "Template",
  "Pod",
  "Volume",
  "PodEndpoint",
  "ServerlessEndpoint",
  "EndpointReady",
  "Secret",
  "RegistryAuth",
  "EcrDelegation",
  "SshKeys",
  "Tag",
  "GlobalVolume",
  "CostCenter",
  "Cluster",
  "Ownership",
] as const;
export type Kind = (typeof KINDS)[number];

/** The type token under which Pulumi's own dynamic-provider process serves a kind. */
export function typeToken<K extends Kind>(kind: K): `pulumi-nodejs:dynamic/runpod:${K}` {
  return `pulumi-nodejs:dynamic/runpod:${kind}`;
}

/** The line in the state through which the engine loads the installed handlers. It must never change. */
export function handlerLine(kind: Kind): string {
  return `exports.handler=()=>require("@runpod-stack/provider/handlers").get("${kind}")`;
}

/** The version of what the handlers store, raised when its shape changes. */
export const STATE_VERSION = 1;

/** The environment variable that holds a pod's creation token. */
export const TOKEN_ENV = "RUNPOD_STACK_TOKEN";

/** When to terminate a pod, in seconds since 1970; and how many seconds after each start to stop it. */
export const TERMINATE_AFTER_ENV = "RUNPOD_STACK_TERMINATE_AFTER";
export const STOP_AFTER_ENV = "RUNPOD_STACK_STOP_AFTER";

/** The most environment variables that RunPod allows per pod. Source: RunPod docs, pods/templates/environment-variables. */
export const MAX_ENV = 50;
