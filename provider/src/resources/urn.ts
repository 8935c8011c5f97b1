import * as pulumi from "@pulumi/pulumi";
import { type Kind, typeToken } from "../schema/tokens";

/**
 * A resource's URN, by which the engine finds its row. A promise instead of an output, because an
 * output that depends on a component makes the component's children wait for each other.
 */
export function urnOf(
  kind: Kind,
  name: string,
  parent: pulumi.Resource | undefined,
): string | Promise<string> {
  const type = typeToken(kind);
  if (parent === undefined) {
    return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`;
  }
  const urn = pulumi.createUrn(name, type, parent) as unknown as { promise(): Promise<string> };
  return urn.promise();
}
