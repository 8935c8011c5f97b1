import * as pulumi from "@pulumi/pulumi";
import { refuseProviderArgs } from "./refusals";

/** A RunPod account, for stacks that use more than one. */
export interface ProviderArgs {
  /** The account's API key. Stored encrypted. */
  apiKey: pulumi.Input<string>;
  /** URL of REST API v2. @default https://api.runpod.io/v2 */
  apiUrl?: pulumi.Input<string>;
  /** URL of the GraphQL API. @default https://api.runpod.io/graphql */
  graphqlUrl?: pulumi.Input<string>;
  /** Template of proxy URLs, with {podId} and {port}. @default https://{podId}-{port}.proxy.runpod.net */
  proxyUrl?: pulumi.Input<string>;
  /** URL of the API of serverless jobs. @default https://api.runpod.ai/v2 */
  serverlessUrl?: pulumi.Input<string>;
  /** Template of the URLs of load-balanced endpoints, with {endpointId}. @default https://{endpointId}.api.runpod.ai */
  loadBalancerUrl?: pulumi.Input<string>;
}

/** Where a provider keeps its arguments for functions, in any copy of this package. */
const ARGS = Symbol.for("runpod-stack.provider-args.1");

/** The arguments of a `Provider`; undefined for a provider of another package. */
export function argsOf(provider: pulumi.ProviderResource): ProviderArgs | undefined {
  return (provider as { readonly [ARGS]?: ProviderArgs })[ARGS];
}

/**
 * A RunPod account. Pass it to resources as `{ provider }`. Resources without one use the account
 * of the stack's configuration, or of RUNPOD_API_KEY.
 *
 * @example
 * const research = new Provider("research", { apiKey: config.requireSecret("researchKey") });
 * new Pod("trainer", { … }, { provider: research });
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts: pulumi.ResourceOptions = {}) {
    refuseProviderArgs(name, args);
    // The namespace separates the keys from the program's own configuration.
    super(
      "pulumi-nodejs",
      name,
      {
        "runpod:explicit": "true",
        "runpod:apiKey": pulumi.secret(args.apiKey),
        "runpod:apiUrl": args.apiUrl,
        "runpod:graphqlUrl": args.graphqlUrl,
        "runpod:proxyUrl": args.proxyUrl,
        "runpod:serverlessUrl": args.serverlessUrl,
        "runpod:loadBalancerUrl": args.loadBalancerUrl,
      },
      opts,
    );
    Object.defineProperty(this, ARGS, { value: args });
  }
}
