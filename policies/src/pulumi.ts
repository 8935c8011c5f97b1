import { TEMPLATE_RESOLVED, typeToken } from "@runpod-stack/provider/schema";
import { type Spec, specOf } from "./spec";

type Props = Readonly<Record<string, unknown>>;

const JUDGED = new Map<string, Spec["kind"]>(
  (["Pod", "Template", "Volume", "PodEndpoint", "ServerlessEndpoint"] as const).map((kind) => [
    typeToken(kind),
    kind,
  ]),
);

/** Whether the rules check resources of a type. */
export function isJudged(type: string): boolean {
  return JUDGED.has(type);
}

/** The spec of a resource in a Pulumi program; undefined if it is not one of RunPod's. */
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

/** Whether the pod's inputs already include its template's settings. */
function isResolved(props: Props): boolean {
  if (props["templateId"] === undefined) {
    return true;
  }
  // Older releases store only a hidden key in the state, which policies cannot see.
  return props[TEMPLATE_RESOLVED] === true || props["__resolved"] === true;
}
