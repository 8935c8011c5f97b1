import { typeToken } from "@runpod-stack/provider/schema";
import { known } from "./known";
import { type Spec, specOf } from "./spec";

type Props = Readonly<Record<string, unknown>>;

const JUDGED = new Map<string, Spec["kind"]>(
  (["Pod", "Template", "Volume"] as const).map((kind) => [typeToken(kind), kind]),
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
  if (kind === undefined) return undefined;
  return specOf(kind, props, {
    templateMaySet: !isResolved(props),
    templateMaySetEnv: isForeign(props),
    isProtected: options.protect ?? false,
  });
}

/** Whether a template is given by its id alone. Of one in the program the id is not known before it exists. */
function isForeign(props: Props): boolean {
  return !("__provider" in props) && typeof known(props["templateId"]) === "string";
}

/** Whether a template's settings are among the pod's inputs already, so that nothing else is to come. */
function isResolved(props: Props): boolean {
  if (props["templateId"] === undefined) return true;
  if ("__provider" in props) return props["__resolved"] === true;
  // Policies do not see the provider's own keys. But a template of the program always brings an
  // image, and the provider then a disk; for one given by its id alone it fills in neither.
  return props["imageName"] !== undefined && props["containerDiskInGb"] !== undefined;
}
