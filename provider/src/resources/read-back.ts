import * as pulumi from "@pulumi/pulumi";

/** Inputs whose values stay secret; those of the other fields are as open as the program leaves them. */
const SECRET = ["env", "apiKey"];

/**
 * Makes inputs that the program leaves out readable as outputs. The engine is asked only when one is
 * read: Pulumi's own outputs, one for each, would slow down every preview.
 */
export function readBack(resource: pulumi.CustomResource, inputs: readonly string[]): void {
  let stored: pulumi.Output<Record<string, unknown>> | undefined;
  const read = (input: string) => {
    stored ??= pulumi.runtime
      .invokeOutput<{ state: Record<string, unknown> }>("pulumi:pulumi:getResource", {
        urn: resource.urn,
      })
      .apply(({ state }) => state);
    // What a preview does not show may still come with the object.
    const value = stored.apply((state) =>
      state[input] === undefined && pulumi.runtime.isDryRun() ? pulumi.unknown : state[input],
    );
    return SECRET.includes(input) ? value : pulumi.unsecret(value);
  };
  for (const input of inputs) {
    if (input in resource) continue;
    Object.defineProperty(resource, input, { configurable: true, get: () => read(input) });
  }
}
