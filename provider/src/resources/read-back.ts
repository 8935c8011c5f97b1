import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../schema/tokens";

/** Inputs whose values stay secret. Other inputs are only as secret as the program makes them. */
const SECRET = ["env", "apiKey", "password"];

/** Other kinds have inputs of the same name that are not secret. */
const SECRET_OF_KIND: { readonly [K in Kind]?: string } = { Secret: "value" };

/**
 * Makes inputs that the program does not set readable as outputs. Asks the engine only on the first
 * read, because one Pulumi output per input would slow down every preview.
 */
export function readBack(
  resource: pulumi.CustomResource,
  kind: Kind,
  inputs: readonly string[],
): void {
  let stored: pulumi.Output<Record<string, unknown>> | undefined;
  const read = (input: string) => {
    stored ??= pulumi.runtime
      .invokeOutput<{ state: Record<string, unknown> }>("pulumi:pulumi:getResource", {
        urn: resource.urn,
      })
      .apply(({ state }) => state);
    // A value that a preview does not show may still come with the object.
    const value = stored.apply((state) =>
      state[input] === undefined && pulumi.runtime.isDryRun() ? pulumi.unknown : state[input],
    );
    const isSecret = SECRET.includes(input) || SECRET_OF_KIND[kind] === input;
    return isSecret ? value : pulumi.unsecret(value);
  };
  for (const input of inputs) {
    if (input in resource) {
      continue;
    }
    Object.defineProperty(resource, input, { configurable: true, get: () => read(input) });
  }
}
