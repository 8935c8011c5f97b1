import * as pulumi from "@pulumi/pulumi";
import type { Args } from "./properties";
import type { TemplateArgs } from "./template";

/** The inputs of a container, some of which a template may also set. */
type Container = Args<{ env?: Record<string, string>; minCudaVersion?: string }>;

/** Inputs of a template that are about the template itself. */
const OWN = [
  "name",
  "category",
  "isPublic",
  "isServerless",
  "allowDuplicateName",
  "policyWaivers",
] as const;

/**
 * A container's inputs, completed with the template's settings. Merges env by name.
 * @param left inputs that do not come from the template
 */
export function inherited(
  own: Container,
  template: TemplateArgs,
  left: readonly (keyof TemplateArgs)[] = [],
): Record<string, unknown> {
  const env = pulumi
    .all([template.env, own.env])
    .apply(([base, over]) => (base || over ? { ...base, ...over } : undefined));
  const dropped: readonly string[] = [...OWN, ...left];
  const settings = Object.entries(template).filter(([field]) => !dropped.includes(field));
  // A property without a value counts as not set.
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(settings),
    // A container has one CUDA constraint; its own wins over the template's.
    ...(own.minCudaVersion !== undefined && { allowedCudaVersions: undefined }),
    ...Object.fromEntries(given),
    // The handlers seal each value, so that diffs show the names but never the values.
    env: pulumi.unsecret(env),
  };
}
