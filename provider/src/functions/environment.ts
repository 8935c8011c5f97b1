import * as pulumi from "@pulumi/pulumi";
import { isPredefinedEnv } from "../schema/predefined-env";

/** Environment variables by name, each value secret. */
export type SecretEnv = Record<string, pulumi.Output<string>>;

/**
 * An object's environment, without what RunPod and this provider add to every pod: another pod must
 * not get that from this one.
 */
export function secretEnv(env: Readonly<Record<string, string>> | undefined): SecretEnv {
  const own = Object.entries(env ?? {}).filter(([name]) => !isAdded(name));
  return Object.fromEntries(own.map(([name, value]) => [name, pulumi.secret(value)]));
}

function isAdded(name: string): boolean {
  return isPredefinedEnv(name) || name.startsWith("RUNPOD_STACK_");
}
