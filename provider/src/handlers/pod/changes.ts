import { type Safe, safe } from "@runpod-stack/kit";
import {
  listed,
  type PodInputs,
  type PodProperties,
  type Previewed,
  podFields,
  type Stored,
} from "../../schema";
import { type InputChange, inputChanges, storedChanges } from "../lifecycle/diff";
import { templateMaySet } from "../lifecycle/environment";
import { isImported } from "../lifecycle/record";
import { storedPlace, unsatisfied } from "./satisfies";

/** The differences between stored outputs and new inputs. Placement is judged by where the pod runs. */
export function podChanges(
  old: Stored<PodProperties>,
  inputs: Previewed<PodInputs>,
): InputChange<keyof PodInputs>[] {
  const misplaced = unsatisfied(inputs, storedPlace(old));
  return storedChanges(podFields, old, inputs, ({ field, change }) => {
    const isMisplaced = misplaced.includes(field) && change === "placement";
    return isMisplaced ? "replace" : effect(field, change, old, inputs);
  });
}

/**
 * The next `revision`, which counts the container's lives. Known in previews, so that an endpoint
 * that waits for the pod shows no false change.
 */
export function nextRevision(old: Stored<PodProperties>, inputs: Previewed<PodInputs>): number {
  const isNew = Object.keys(old).length === 0;
  const revision = typeof old["revision"] === "number" ? old["revision"] : Number(!isNew);
  const starts = old["desiredStatus"] === "EXITED" && inputs["desiredStatus"] === "RUNNING";
  const restarts = inputChanges(podFields, old, inputs).some(({ change }) => change === "restart");
  return revision === 0 || starts || restarts ? revision + 1 : revision;
}

/** Changes that replace the pod because of the option replaceOnChanges. */
function forced(inputs: Previewed<PodInputs>, changes: readonly InputChange[]): string[] {
  const paths = listed(inputs["__replaceOnChanges"]).map(String);
  const isForced = (field: string) =>
    paths.some((path) => path === "*" || path.split(/[.[]/, 1)[0] === field);
  return changes.map(({ field }) => field).filter(isForced);
}

/** Warnings before the user agrees: what a restart or a replacement wipes. */
export function podWarnings(
  old: Stored<PodProperties>,
  inputs: Previewed<PodInputs>,
  changes: readonly InputChange[],
  replaces: readonly string[],
): Safe[] {
  const name = `pod '${inputs["name"]}'`;
  const volumeId = old["networkVolumeId"];
  const isKept = volumeId !== undefined && volumeId === inputs["networkVolumeId"];
  const kept = isKept ? " The network volume is kept." : "";
  const replacing = [...new Set([...replaces, ...forced(inputs, changes)])];
  if (replacing.length > 0) {
    return [
      safe`${name} will be deleted and recreated because of ${replacing.join(", ")}: ${lostDisks(old)} will be lost.${kept} Its id and URLs change, and its GPU may not be available again.`,
    ];
  }
  const restarts = changes.filter(({ change }) => change === "restart").map(({ field }) => field);
  if (restarts.length === 0) {
    return [];
  }
  const mount = inputs["volumeMountPath"] ?? old["volumeMountPath"];
  const wiped = `everything ${mount ? `outside its mount ${mount}` : "in it (it has no mount)"} will be wiped.`;
  if (isImported(old)) {
    return [
      safe`${name} was imported: if RunPod reports a different ${restarts.join(" or ")}, it will be restarted in place, and ${wiped}`,
    ];
  }
  return [safe`${name} will be restarted in place because of ${restarts.join(", ")}: ${wiped}`];
}

/** The disks that are deleted with a pod. */
export function lostDisks(old: Stored<PodInputs>): string {
  if (old["volumeInGb"] !== undefined) {
    return "its container disk and its persistent disk";
  }
  const mayHaveMore = templateMaySet(old) && old["networkVolumeId"] === undefined;
  return mayHaveMore ? "its container disk and any persistent disk" : "its container disk";
}

/** The effect of a change on the pod, where a row of the table cannot decide it. */
function effect(
  field: keyof PodInputs,
  change: InputChange["change"],
  old: Stored<PodInputs>,
  inputs: Previewed<PodInputs>,
): InputChange["change"] {
  const isAdded = old[field] === undefined;
  const mayHaveCome = templateMaySet(old) || isImported(old);
  switch (field) {
    // The inputs contain everything that a template of this program sets, so its id adds nothing.
    case "templateId":
      if (isAdded && isImported(old)) {
        return "local";
      }
      return (inputs[field] === undefined ? old : inputs)["__resolved"] === true ? "local" : change;
    case "volumeInGb":
      // RunPod cannot add a disk to a pod that was created without one.
      return isAdded ? (mayHaveCome ? "verify" : "replace") : change;
    case "startSsh":
    case "startJupyter":
      // A template that only RunPod knows may have set it, and RunPod never reports it.
      return isAdded && mayHaveCome ? "local" : change;
    case "gpuCount":
    case "vcpuCount":
    case "cloudType":
      return isAdded && change === "replace" ? "verify" : change;
    default:
      return change;
  }
}
