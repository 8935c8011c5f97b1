import * as pulumi from "@pulumi/pulumi";
import type { PodEndpointInputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { type Args, DynamicResource } from "./dynamic-resource";
import type { Pod } from "./pod";
import { refuseMistakes } from "./refusals";

/** Inputs of a `PodEndpoint`: a port, and `pod` or `podId`. */
export type PodEndpointArgs = Omit<Args<PodEndpointInputs>, "podId" | "port"> & {
  /** The port inside the container, exposed by the pod as "<port>/http". */
  port: pulumi.Input<number>;
} & ({ pod: Pod; podId?: never } | { podId: pulumi.Input<string>; pod?: never });

const POD = { field: "pod", kind: "Pod", idField: "podId" } as const;

const OUTPUTS = [
  "url",
  "openaiBaseUrl",
  "models",
  "readyAt",
  "dataCenterId",
  "costPerHr",
  "sshCommand",
];

/**
 * A pod's port at its proxy URL, serving: creating it waits until the service answers, and fails
 * with a diagnosis from the container's logs if it never will.
 *
 * @example
 * const endpoint = new PodEndpoint("llm", { pod, port: 8000, expectModel: "qwen" });
 * export const openaiBaseUrl = endpoint.openaiBaseUrl;
 */
export class PodEndpoint extends DynamicResource {
  static readonly __pulumiType = typeToken("PodEndpoint");
  /** The proxy URL, without a slash at its end. */
  declare readonly url: pulumi.Output<string>;
  /** What an OpenAI client takes as its base URL. */
  declare readonly openaiBaseUrl: pulumi.Output<string>;
  /** The models it serves, if it was asked for them. */
  declare readonly models: pulumi.Output<string[]>;
  /** When it was found to serve; null if it was not. */
  declare readonly readyAt: pulumi.Output<string | null>;
  /** Where the pod runs. */
  declare readonly dataCenterId: pulumi.Output<string | null>;
  /** The pod's price in USD per hour. */
  declare readonly costPerHr: pulumi.Output<number | null>;
  /** A shell through RunPod's SSH proxy. */
  declare readonly sshCommand: pulumi.Output<string | null>;

  constructor(name: string, args: PodEndpointArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("PodEndpoint", name, args, opts, POD);
    const { pod, ...own } = args;
    const { create, update } = opts.customTimeouts ?? {};
    // Pulumi's own option for the same: nothing else would read it.
    const timeout = own.timeout ?? create ?? update;
    const hidden = { __logicalName: name, __urn: urnOf(name, opts.parent) };
    super("PodEndpoint", name, { ...own, timeout, ...inputsOf(pod), ...hidden }, OUTPUTS, {
      ...optionsOf(pod),
      ...opts,
      additionalSecretOutputs: ["apiKey", ...(opts.additionalSecretOutputs ?? [])],
    });
  }

  static override isInstance(object: unknown): object is PodEndpoint {
    return DynamicResource.isOfKind(object, "PodEndpoint");
  }
}

function inputsOf(pod: Pod | undefined): Record<string, unknown> {
  if (!pod) return {};
  return {
    podId: pod.id,
    revision: pod.revision,
    __podPorts: pod.ports,
    __desiredStatus: pod.desiredStatus,
  };
}

/** An endpoint asks the account that has its pod. */
function optionsOf(pod: Pod | undefined): pulumi.CustomResourceOptions {
  const provider = pod?.getProvider(typeToken("PodEndpoint"));
  return provider === undefined ? {} : { provider };
}

/**
 * By which the engine knows the endpoint's row. A promise and no output: one that depends on a
 * component would make the component's children wait for each other.
 */
function urnOf(name: string, parent: pulumi.Resource | undefined): string | Promise<string> {
  const type = typeToken("PodEndpoint");
  if (parent === undefined) {
    return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`;
  }
  const urn = pulumi.createUrn(name, type, parent) as unknown as { promise(): Promise<string> };
  return urn.promise();
}
