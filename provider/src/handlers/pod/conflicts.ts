import { safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { UserError } from "../../core/errors";
import { type PodInputs, podFields, type Reported, type Stored } from "../../schema";
import { differences, type InputChange } from "../lifecycle/diff";
import { discrepancy } from "../lifecycle/reported";
import { lostDisks } from "./changes";
import { placeOf, reportedPlace, unsatisfied } from "./satisfies";
import { observedPod, templateMaySet } from "./wire";

/** Whether a pod as found can be brought to the inputs without a replacement. */
export function canBecome(pod: Pod, inputs: Stored<PodInputs>): boolean {
  // When it was created decides its end alone, and that can be changed.
  return conflicts(pod, inputs, observedPod(pod, inputs, 0)).length === 0;
}

/**
 * @param observed the inputs that the pod amounts to
 * @throws UserError if only a replacement could bring the pod to what the program says, or if that
 * cannot be known
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
  if (fields.length === 0) return;
  const reasons = fields.map((field) => discrepancy(field, has(field), inputs[field]));
  throw new UserError(
    safe`Pod '${inputs["name"]}' (${pod.id}) cannot be changed into what the program says: ${reasons.join("; ")}. Nothing was changed. Correct the program, or run \`pulumi up --replace <urn>\`, which creates a new pod and loses ${lostDisks({ ...old, ...observed } as Stored<PodInputs>)}.`,
  );
}

/** The inputs that a pod, as found, contradicts and that only a replacement could bring about. */
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
