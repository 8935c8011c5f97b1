import type * as pulumi from "@pulumi/pulumi";
import type { EndpointReadyInputs, EndpointReadyOutputs } from "../schema";
import { typeToken } from "../schema/tokens";
import { DynamicResource } from "./dynamic-resource";
import { optionsOf } from "./follow";
import type { Args, Outputs } from "./properties";
import { refuseMistakes } from "./refusals";
import type { ServerlessEndpoint } from "./serverless-endpoint";
import { urnOf } from "./urn";

/** Inputs of every `EndpointReady`. */
interface CommonReadyArgs
  extends Args<Pick<EndpointReadyInputs, "expectOutput" | "interval" | "timeout" | "revision">> {}

/** The endpoint, as a resource of this program. */
export interface ReadyOfEndpointArgs extends CommonReadyArgs {
  /** The endpoint. Every new revision of it sends a new request. */
  endpoint: ServerlessEndpoint;
  endpointId?: never;
}

/** The endpoint, by the id of one that this program does not manage. */
export interface ReadyOfEndpointIdArgs
  extends CommonReadyArgs,
    Args<Pick<EndpointReadyInputs, "endpointId">> {
  endpoint?: never;
}

/** The request to a queue. */
export interface ReadyByJobArgs {
  /** The input of the job to send, such as { prompt: "Hello" }. The job is billed. */
  input: pulumi.Input<Record<string, unknown>>;
  path?: never;
  expectStatus?: never;
}

/** The request to a load balancer. */
export interface ReadyByPathArgs
  extends Required<Args<Pick<EndpointReadyInputs, "path">>>,
    Args<Pick<EndpointReadyInputs, "expectStatus">> {
  input?: never;
}

/** Inputs of an `EndpointReady`: `endpoint` or `endpointId`, and `input` or `path`. */
export type EndpointReadyArgs = (ReadyOfEndpointArgs | ReadyOfEndpointIdArgs) &
  (ReadyByJobArgs | ReadyByPathArgs);

const ENDPOINT = {
  field: "endpoint",
  kind: "ServerlessEndpoint",
  idField: "endpointId",
} as const;

/**
 * One real request to a serverless endpoint: a job for a queue, a path for a load balancer. Creation
 * waits until it is answered. If it never will be, creation fails with a diagnosis from the workers'
 * logs.
 *
 * @example
 * const ready = new EndpointReady("llm", { endpoint, input: { prompt: "Say yes." }, expectOutput: "yes" });
 * export const { openaiBaseUrl } = ready;
 */
export class EndpointReady extends DynamicResource {
  static readonly __pulumiType = typeToken("EndpointReady");

  constructor(name: string, args: EndpointReadyArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseMistakes("EndpointReady", name, args, opts, ENDPOINT);
    const { endpoint, ...own } = args;
    const { create, update } = opts.customTimeouts ?? {};
    // Pulumi's own option for the same purpose, which nothing else would read.
    const timeout = own.timeout ?? create ?? update;
    const hidden = { __logicalName: name, __urn: urnOf("EndpointReady", name, opts.parent) };
    super("EndpointReady", name, { ...own, timeout, ...inputsOf(endpoint), ...hidden }, [], {
      ...optionsOf("EndpointReady", endpoint),
      ...opts,
    });
  }

  static override isInstance(object: unknown): object is EndpointReady {
    return DynamicResource.isOfKind(object, "EndpointReady");
  }
}

export interface EndpointReady
  extends Outputs<EndpointReadyInputs, "interval" | "timeout">,
    Outputs<EndpointReadyOutputs> {}

function inputsOf(endpoint: ServerlessEndpoint | undefined): Record<string, unknown> {
  return endpoint
    ? {
        endpointId: endpoint.id,
        revision: endpoint.revision,
        __endpointType: endpoint.type,
      }
    : {};
}
