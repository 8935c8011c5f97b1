import { podFields, type Values } from "../schema";
import { type InputChange, inputChanges } from "./diff";
import { storedPlace, unsatisfied } from "./placement";

/** The differences between stored outputs and new inputs, placement judged by where the pod runs. */
export function podChanges(old: Values, inputs: Values): InputChange[] {
  const misplaced = unsatisfied(inputs, storedPlace(old));
  return inputChanges(podFields, old, inputs).map((change) =>
    change.change === "placement" && misplaced.includes(change.field)
      ? { ...change, change: "replace" }
      : change,
  );
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
  inputs: Values,
  changes: readonly InputChange[],
  replaces: readonly string[],
): string[] {
  const name = `pod '${inputs["name"]}'`;
  const kept = inputs["networkVolumeId"] === undefined ? "" : " The network volume is kept.";
  if (replaces.length > 0) {
    const lost =
      inputs["volumeInGb"] === undefined
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
