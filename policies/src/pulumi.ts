import { Secret } from "@pulumi/policy";
import { KINDS, typeToken } from "@runpod-stack/provider/schema";
import { isRecord } from "./known";
import { type Spec, specOf } from "./spec";

type Props = Readonly<Record<string, unknown>>;

const JUDGED = new Map(
  KINDS.filter((kind): kind is Spec["kind"] =>
    (["Pod", "Template", "Volume"] as readonly string[]).includes(kind),
  ).map((kind) => [typeToken(kind) as string, kind]),
);

/** What the rules judge of a resource in a Pulumi program; undefined for what is none of RunPod's. */
export function specOfResource(
  type: string,
  props: Props,
  options: { readonly protect?: boolean } = {},
): Spec | undefined {
  const kind = JUDGED.get(type);
  if (kind === undefined) return undefined;
  return specOf(kind, props, {
    templateMaySet: !isResolved(props),
    isProtected: options.protect ?? false,
  });
}

/**
 * The properties behind what Pulumi hands to a policy, where reading an unknown one throws.
 * Descriptors are not intercepted; unknown values appear as the engine sends them.
 */
export function laidBare(props: Props): Props {
  const bare = Object.entries(Object.getOwnPropertyDescriptors(props)).map(
    ([name, { value }]) => [name, withoutSecrets(value)] as const,
  );
  return Object.fromEntries(bare);
}

/**
 * Whether a template's settings are among the pod's inputs already, so that nothing else is to come.
 * Policies do not see the provider's own mark of it. But a template of the program always brings an
 * image, and the provider then a disk; of a template given by its id alone it fills in neither.
 */
function isResolved(props: Props): boolean {
  if (props["templateId"] === undefined || props["__resolved"] === true) return true;
  return props["imageName"] !== undefined && props["containerDiskInGb"] !== undefined;
}

/** Remediations see secrets as objects. */
function withoutSecrets(value: unknown): unknown {
  if (value instanceof Secret) return withoutSecrets(value.value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutSecrets(item)]),
  );
}
