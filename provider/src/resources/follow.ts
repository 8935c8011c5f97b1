import type * as pulumi from "@pulumi/pulumi";
import { type Kind, typeToken } from "../schema/tokens";

/** A wait uses the account of what it waits for. */
export function optionsOf(
  kind: Kind,
  resource: pulumi.Resource | undefined,
): pulumi.CustomResourceOptions {
  const provider = resource?.getProvider(typeToken(kind));
  return provider === undefined ? {} : { provider };
}
