import { safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { UserError } from "../../core/errors";
import { type PodInputs, podFields, type Reported, type Stored } from "../../schema";
import { differences, type InputChange } from "../lifecycle/diff";
import { templateMaySet } from "../lifecycle/environment";
import { discrepancy } from "../lifecycle/reported";
import { lostDisks } from "./changes";
import { placeOf, reportedPlace, unsatisfied } from "./satisfies";
import { observedPod } from "./wire";

/** Whether a pod can be changed to match the inputs, without a replacement. */
export function canBecome(pod: Pod, inputs: Stored<PodInputs>): boolean {
  // The creation time affects only the time limits, which can be changed.
  return conflicts(pod, inputs, observedPod(pod, inputs, 0)).length === 0;
}

/**
 * @param observed the pod's inputs as RunPod reports them
 * @throws UserError if only a replacement could make the pod match the program, or if that is not
 * known
 */
export function assertCanStay(
  pod: Pod,
  inputs: Stored<PodInputs>,
  old: Stored<PodInputs>,
  observed: Reported<PodInputs>,
  changes: readonly InputChange<keyof PodInputs>[],
): void {
  const has = (field: keyof PodInputs) => {
    const { change } = podFields[field];
    return change === "placement" ? placeOf(reportedPlace(pod), field) : observed[field];
  };
  const contradicted = conflicts(pod, inputs, observed).filter(
    (field) => inputs[field] !== undefined,
  );
  const unproven = changes
    .filter(({ field, change }) => change === "verify" && has(field) === undefined)
    .map(({ field }) => field);
  const fields = [...new Set([...contradicted, ...unproven])];
  if (fields.length === 0) {
    return;
  }
  const reasons = fields.map((field) => discrepancy(field, has(field), inputs[field]));
  throw new UserError(
    safe`Pod '${inputs["name"]}' (${pod.id}) cannot be changed to match the program: ${reasons.join("; ")}. Nothing was changed. Correct the program, or run \`pulumi up --replace <urn>\`, which creates a new pod and loses ${lostDisks({ ...old, ...observed } as Stored<PodInputs>)}.`,
  );
}

/** The inputs that contradict a pod and that only a replacement could apply. */
function conflicts(
  pod: Pod,
  inputs: Stored<PodInputs>,
  observed: Reported<PodInputs>,
): (keyof PodInputs)[] {
  const fixed = differences(podFields, { ...inputs, ...observed }, inputs)
    .filter(({ change }) => change === "replace")
    .map(({ field }) => field)
    .filter((field) => inputs[field] !== undefined || !templateMaySet(inputs));
  return [...unsatisfied(inputs, reportedPlace(pod)), ...fixed];
}
