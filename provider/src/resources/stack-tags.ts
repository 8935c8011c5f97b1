import * as pulumi from "@pulumi/pulumi";
import { safe } from "@runpod-stack/kit";

/** The tags of a resource: those of the stack's configuration, and its own, which win. */
export function withStackTags<A extends { tags?: unknown }>(args: A): A {
  const shared = stackTags();
  if (shared === undefined) {
    return args;
  }
  const tags = pulumi
    .output(args.tags as pulumi.Input<Record<string, string> | undefined>)
    .apply((own) => ({ ...shared, ...own }));
  return { ...args, tags };
}

/** Tags for every resource of the stack that can have some, from `runpod:tags`. */
function stackTags(): Record<string, string> | undefined {
  const text = new pulumi.Config("runpod").get("tags");
  if (text === undefined) {
    return undefined;
  }
  const tags = parsed(text);
  const isMap =
    typeof tags === "object" &&
    tags !== null &&
    !Array.isArray(tags) &&
    Object.values(tags).every((value) => SCALARS.includes(typeof value));
  if (!isMap) {
    throw new pulumi.RunError(
      safe`runpod:tags in the stack's configuration must be a map from keys to strings. Set each tag with \`pulumi config set --path runpod:tags.<key> <value>\`.`,
    );
  }
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

/** `pulumi config set --path` stores what looks like a number or a Boolean as one. */
const SCALARS = ["string", "number", "boolean"];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
