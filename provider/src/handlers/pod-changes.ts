import type { Pod } from "../api";
import { podFields, type Values } from "../schema";
import { type InputChange, inputChanges } from "./diff";
import { storedPlace, unsatisfied } from "./placement";
import { observedPod, templateMaySet } from "./pod-body";

/** The differences between stored outputs and new inputs, placement judged by where the pod runs. */
export function podChanges(old: Values, inputs: Values): InputChange[] {
  const misplaced = unsatisfied(inputs, storedPlace(old));
  return changesOf(old, inputs).map((change) =>
    change.change === "placement" && misplaced.includes(change.field)
      ? { ...change, change: "replace" }
      : change,
  );
}

/** Whether a pod as found can be brought to the inputs without a replacement. */
export function canBecome(pod: Pod, inputs: Values): boolean {
  const place = {
    processor: pod.gpu?.id ?? pod.cpu?.id,
    dataCenterId: pod.dataCenterId,
    cudaVersion: pod.cudaVersion ?? undefined,
  };
  // When it was created decides its end alone, and that can be changed.
  const found = { ...inputs, ...observedPod(pod, inputs, 0) };
  const replacing = changesOf(found, inputs)
    .filter(({ change }) => change === "replace")
    .filter(({ field }) => inputs[field] !== undefined || !templateMaySet(inputs));
  return unsatisfied(inputs, place).length === 0 && replacing.length === 0;
}

/** Counts the container's lives: known in previews, so that what waits for a service shows no false change. */
export function nextRevision(old: Values, inputs: Values): number {
  const revision = typeof old["revision"] === "number" ? old["revision"] : 0;
  const starts = old["desiredStatus"] === "EXITED" && inputs["desiredStatus"] === "RUNNING";
  const restarts = inputChanges(podFields, old, inputs).some(({ change }) => change === "restart");
  return revision === 0 || starts || restarts ? revision + 1 : revision;
}

/** What the user should know before agreeing: what a restart or a replacement wipes. */
export function podWarnings(
  old: Values,
  inputs: Values,
  changes: readonly InputChange[],
  replaces: readonly string[],
): string[] {
  const name = `pod '${inputs["name"]}'`;
  const kept = old["networkVolumeId"] === undefined ? "" : " The network volume is kept.";
  if (replaces.length > 0) {
    const lost =
      old["volumeInGb"] === undefined
        ? "its container disk"
        : "its container disk and its persistent disk";
    return [
      `${name} will be deleted and created anew because of ${replaces.join(", ")}: ${lost} will be lost.${kept} Its id and URLs change, and its GPU may not be available again.`,
    ];
  }
  const restarts = changes.filter(({ change }) => change === "restart").map(({ field }) => field);
  if (restarts.length === 0) return [];
  const mount = inputs["volumeMountPath"];
  return [
    `${name} will be restarted in place because of ${restarts.join(", ")}: everything outside ${mount ? `its mount ${mount}` : "of mounts (it has none)"} will be wiped.`,
  ];
}

function changesOf(old: Values, inputs: Values): InputChange[] {
  // RunPod gives no disk to a pod that was made without one.
  const isNewDisk = (field: string) => field === "volumeInGb" && old[field] === undefined;
  return inputChanges(podFields, old, inputs).map((change) =>
    isNewDisk(change.field) ? { ...change, change: "replace" } : change,
  );
}
