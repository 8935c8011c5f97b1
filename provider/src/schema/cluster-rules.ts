import type { ClusterInputs } from "./cluster";
import { hasImage } from "./compute-rules";
import type { Previewed } from "./field";
import { oneMount, pathNeedsMount } from "./mount-rules";
import { type Problem, problem, type Rule } from "./rules";

/** What RunPod takes either from a request or from the template. */
const OF_TEMPLATE = [
  "imageName",
  "dockerEntrypoint",
  "dockerStartCmd",
  "containerDiskInGb",
  "env",
  "ports",
  "volumeInGb",
  "networkVolumeId",
  "volumeMountPath",
] as const satisfies readonly (keyof ClusterInputs)[];

/** Rules between a cluster's fields. */
export const clusterRules: readonly Rule<ClusterInputs>[] = [
  hasImage,
  templateSetsContainer,
  oneMount,
  pathNeedsMount,
];

function templateSetsContainer(inputs: Previewed<ClusterInputs>): Problem[] {
  if (inputs["templateId"] === undefined) {
    return [];
  }
  const message =
    "cannot be combined with templateId: RunPod takes the whole container of a cluster from its template. Remove it, and set it in the template";
  return OF_TEMPLATE.filter((field) => inputs[field] !== undefined).map((field) =>
    problem(field, field === "env" ? undefined : inputs[field], message),
  );
}
