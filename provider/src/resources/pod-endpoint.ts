import type * as pulumi from "@pulumi/pulumi";
import type { PodEndpointInputs, PodEndpointOutputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { optionsOf } from "./follow";
import type { Pod } from "./pod";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";
import { urnOf } from "./urn";

/** Inputs that every endpoint accepts. */
interface CommonEndpointArgs extends Args<Omit<PodEndpointInputs, "podId">> {}

/** Inputs of a `PodEndpoint` for a pod of this program. */
export interface EndpointOfPodArgs extends CommonEndpointArgs {
  /** The pod. The endpoint waits again after every change that restarts the pod's container. */
  pod: Pod;
  podId?: never;
}

/** Inputs of a `PodEndpoint` for a pod that this program does not manage. */
export interface EndpointOfPodIdArgs
  extends CommonEndpointArgs,
    Args<Pick<PodEndpointInputs, "podId">> {
  pod?: never;
}

/** Inputs of a `PodEndpoint`: a port, and `pod` or `podId`. */
export type PodEndpointArgs = EndpointOfPodArgs | EndpointOfPodIdArgs;

const POD = { field: "pod", kind: "Pod", idField: "podId" } as const;

/**
 * A service on a pod's port, at its proxy URL. Creation waits until the service answers. If it
 * never will, creation fails with a diagnosis from the container's logs.
 *
 * @example
 * const endpoint = new PodEndpoint("llm", { pod, port: 8000, expectModel: "qwen" });
 * export const openaiBaseUrl = endpoint.openaiBaseUrl;
 */
export class PodEndpoint extends DynamicResource {
  static readonly __pulumiType = typeToken("PodEndpoint");

  constructor(name: string, args: PodEndpointArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("PodEndpoint", name, args, opts, POD);
    const { pod, ...own } = args;
    const { create, update } = opts.customTimeouts ?? {};
    // Pulumi's own option for the same purpose, which nothing else would read.
    const timeout = own.timeout ?? create ?? update;
    const hidden = { __logicalName: name, __urn: urnOf("PodEndpoint", name, opts.parent) };
    super("PodEndpoint", name, { ...own, timeout, ...inputsOf(pod), ...hidden }, [], {
      ...optionsOf("PodEndpoint", pod),
      ...opts,
      additionalSecretOutputs: ["apiKey", ...(opts.additionalSecretOutputs ?? [])],
    });
  }

  static override isInstance(object: unknown): object is PodEndpoint {
    return DynamicResource.isOfKind(object, "PodEndpoint");
  }
}

export interface PodEndpoint
  extends Outputs<PodEndpointInputs, EndpointDefault>,
    Outputs<PodEndpointOutputs> {}

type EndpointDefault =
  | "path"
  | "expectStatus"
  | "consecutive"
  | "interval"
  | "timeout"
  | "onFailure";

function inputsOf(pod: Pod | undefined): Record<string, unknown> {
  if (!pod) {
    return {};
  }
  return {
    podId: pod.id,
    revision: pod.revision,
    __podPorts: pod.namesPorts ? pod.ports : undefined,
    __desiredStatus: pod.desiredStatus,
  };
}
