import { TEMPLATE_RESOLVED, typeToken } from "@runpod-stack/provider/schema";
import { type Spec, specOf } from "./spec";

type Props = Readonly<Record<string, unknown>>;

const JUDGED = new Map<string, Spec["kind"]>(
  (["Pod", "Template", "Volume", "PodEndpoint"] as const).map((kind) => [typeToken(kind), kind]),
);

/** Whether resources of a type are judged. */
export function isJudged(type: string): boolean {
  return JUDGED.has(type);
}

/** What the rules judge of a resource in a Pulumi program; undefined for what is none of RunPod's. */
export function specOfResource(
  type: string,
  props: Props,
  options: { readonly protect?: boolean } = {},
): Spec | undefined {
  const kind = JUDGED.get(type);
  if (kind === undefined) {
    return undefined;
  }
  return specOf(kind, props, {
    templateMaySet: !isResolved(props),
    isProtected: options.protect ?? false,
  });
}

/** Whether a template's settings are among the pod's inputs already, so that nothing else is to come. */
function isResolved(props: Props): boolean {
  if (props["templateId"] === undefined) {
    return true;
  }
  // Policies cannot see hidden keys, but states of older releases have nothing else.
  return props[TEMPLATE_RESOLVED] === true || props["__resolved"] === true;
}
