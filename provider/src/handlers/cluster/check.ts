import { type Safe, safe } from "@runpod-stack/kit";
import {
  type ClusterInputs,
  checkInputs,
  clusterFields,
  clusterRules,
  listed,
  type Previewed,
  type Stored,
  type Values,
} from "../../schema";
import { gpuNotes, placeIdProblems, upperCaseDataCenters } from "../lifecycle/catalog-ids";
import type { Handler } from "../lifecycle/handler";
import { automaticName, withToken } from "../lifecycle/token";

/** The GPU types that RunPod offers in clusters. Source: RunPod docs, instant-clusters. */
const OFFERED = /\b(?:A100|H100|H200|B200)\b/;

/** Checks a program's inputs. */
export function check(
  old: Stored<ClusterInputs>,
  given: Values,
): ReturnType<Handler<ClusterInputs>["check"]> {
  const { values, notes } = upperCaseDataCenters(withToken(old, given));
  const judged = checkInputs(clusterFields, clusterRules, old, values, (inputs) => {
    const hasMount = inputs["volumeInGb"] !== undefined || inputs["networkVolumeId"] !== undefined;
    return {
      name: automaticName(inputs),
      // RunPod rejects a disk next to a template.
      containerDiskInGb: inputs["templateId"] === undefined ? 50 : undefined,
      volumeMountPath: hasMount ? "/workspace" : undefined,
    };
  });
  const { inputs } = judged;
  return {
    ...judged,
    problems: [...judged.problems, ...placeIdProblems(old, inputs)],
    notes: [...notes, ...gpuNotes(old, inputs), ...offerNotes(old, inputs)],
  };
}

/** Notes about new GPU types without the fast network of clusters. RunPod reports only a lack of capacity. */
function offerNotes(old: Stored<ClusterInputs>, inputs: Previewed<ClusterInputs>): Safe[] {
  const before = listed(old["gpuTypeIds"]);
  return listed(inputs["gpuTypeIds"]).flatMap((id) =>
    typeof id !== "string" || before.includes(id) || OFFERED.test(id)
      ? []
      : [
          safe`gpuTypeIds "${id}" is not a GPU type that RunPod documents for clusters, which are A100, H100, H200 and B200. If RunPod answers that resources are insufficient, use one of those.`,
        ],
  );
}
