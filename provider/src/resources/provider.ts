import * as pulumi from "@pulumi/pulumi";
import { refuseProviderArgs } from "./refusals";

/** An account of one's own choice, for stacks that use more than one. */
export interface ProviderArgs {
  /** The account's API key. Stored encrypted. */
  apiKey: pulumi.Input<string>;
  /** REST API v2. @default https://api.runpod.io/v2 */
  apiUrl?: pulumi.Input<string>;
  /** GraphQL API. @default https://api.runpod.io/graphql */
  graphqlUrl?: pulumi.Input<string>;
  /** Proxy URLs, with {podId} and {port}. @default https://{podId}-{port}.proxy.runpod.net */
  proxyUrl?: pulumi.Input<string>;
}

/**
 * A RunPod account. Give it to resources as `{ provider }`; without one they use the account of
 * the stack's configuration, or of RUNPOD_API_KEY.
 *
 * @example
 * const research = new Provider("research", { apiKey: config.requireSecret("researchKey") });
 * new Pod("trainer", { … }, { provider: research });
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts: pulumi.ResourceOptions = {}) {
    refuseProviderArgs(name, args);
    // The namespace keeps the keys apart from the program's own configuration.
    super(
      "pulumi-nodejs",
      name,
      {
        "runpod:explicit": "true",
        "runpod:apiKey": pulumi.secret(args.apiKey),
        "runpod:apiUrl": args.apiUrl,
        "runpod:graphqlUrl": args.graphqlUrl,
        "runpod:proxyUrl": args.proxyUrl,
      },
      opts,
    );
  }
}
