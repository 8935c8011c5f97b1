import * as pulumi from "@pulumi/pulumi";

/** Environment variables by name, each value secret. */
export type SecretEnv = Record<string, pulumi.Output<string>>;

/**
 * An object's environment, without this provider's own entries: copied to another pod, they would
 * make it look like the first one.
 */
export function secretEnv(env: Readonly<Record<string, string>> | undefined): SecretEnv {
  const own = Object.entries(env ?? {}).filter(([name]) => !name.startsWith("RUNPOD_STACK_"));
  return Object.fromEntries(own.map(([name, value]) => [name, pulumi.secret(value)]));
}
