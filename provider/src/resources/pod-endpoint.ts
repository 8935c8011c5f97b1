import type * as pulumi from "@pulumi/pulumi";
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
    const ofPod = pod ? { podId: pod.id, revision: pod.revision, __podPorts: pod.ports } : {};
    const { create, update } = opts.customTimeouts ?? {};
    // Pulumi's own option for the same: nothing else would read it.
    const timeout = own.timeout ?? create ?? update;
    super("PodEndpoint", name, { ...own, timeout, ...ofPod, __logicalName: name }, OUTPUTS, {
      ...opts,
      additionalSecretOutputs: ["apiKey", ...(opts.additionalSecretOutputs ?? [])],
    });
  }

  static override isInstance(object: unknown): object is PodEndpoint {
    return DynamicResource.isOfKind(object, "PodEndpoint");
  }
}
