import { type Safe, safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { UserError } from "../../core/errors";
import {
  type ClusterInputs,
  type ClusterProperties,
  clusterFields,
  type Inputs,
  listed,
  type Previewed,
  type Stored,
  type WholeCluster,
} from "../../schema";
import { type InputChange, storedChanges } from "../lifecycle/diff";
import { isReference } from "../lifecycle/environment";
import { isAmong } from "../lifecycle/placement";
import { isImported } from "../lifecycle/record";

type Change = InputChange<keyof ClusterInputs>;

/** The differences between stored outputs and new inputs. Placement is judged by where the pods are. */
export function clusterChanges(
  old: Stored<ClusterProperties>,
  inputs: Previewed<ClusterProperties>,
): Change[] {
  const place = { gpuTypeIds: old["gpuTypeId"], dataCenterIds: old["dataCenterId"] };
  return storedChanges(clusterFields, old, inputs, ({ field, change }) => {
    const isSetup = field === "startSsh" || field === "startJupyter" || field === "env";
    // RunPod does not report these, or only mixed with its own.
    if (isSetup && old[field] === undefined && isImported(old)) {
      return "local";
    }
    return change === "placement" ? placementEffect(field, place, inputs) : change;
  });
}

/** How an interrupted run's cluster differs from what the program wants now. */
export function changesFound(
  found: WholeCluster,
  inputs: Inputs<ClusterInputs>,
  changes: Change[],
): Change[] {
  const [member] = found.members ?? [];
  if (member === undefined) {
    throw new UserError(
      safe`Creating cluster '${inputs["name"]}': an interrupted run of this stack created ${found.id}, and RunPod does not show its pods now, so it cannot be compared with the program. Nothing was created. Run \`pulumi up\` again.`,
    );
  }
  const place = { gpuTypeIds: found.compute?.gpuTypeId, dataCenterIds: found.dataCenterId };
  const placed = (["gpuTypeIds", "dataCenterIds"] as const).flatMap((field): Change[] => {
    const change = placementEffect(field, place, inputs as Previewed<ClusterInputs>);
    return change === "replace" ? [{ field, change }] : [];
  });
  const fixed = changes.filter(({ field, change }) => change !== "placement" && field !== "env");
  const env = hasEnv(member, inputs) ? [] : [{ field: "env", change: "replace" } as const];
  return [...fixed, ...placed, ...env];
}

/** Whether a cluster with the name can be the one of a lost answer. */
export function isFitting({ compute, type }: WholeCluster, inputs: Inputs<ClusterInputs>): boolean {
  const { gpuTypeIds, gpuCount, podCount } = inputs;
  return (
    (type === undefined || type === inputs["type"]) &&
    (compute === undefined ||
      (isAmong(compute.gpuTypeId, gpuTypeIds) &&
        compute.gpuCountPerPod === gpuCount &&
        compute.podCount === podCount))
  );
}

/** Warnings before the user agrees: what a replacement ends. */
export function clusterWarnings(
  inputs: Previewed<ClusterProperties>,
  changes: readonly Change[],
  old: Stored<ClusterProperties>,
): Safe[] {
  const fields = changes.flatMap(({ field, change }) => (change === "replace" ? [field] : []));
  if (fields.length === 0) {
    return [];
  }
  const volumeId = old["networkVolumeId"];
  const isKept = volumeId !== undefined && volumeId === inputs["networkVolumeId"];
  return [
    safe`cluster '${inputs["name"]}' will be deleted and recreated because of ${fields.join(", ")}: its ${old["podCount"]} pods and their disks will be lost.${isKept ? " The network volume is kept." : ""} Their ids and URLs change, and their GPUs may not be available again.`,
  ];
}

/** RunPod may show a secret reference as written or as resolved. */
function hasEnv({ env }: Pick<Pod, "env">, inputs: Inputs<ClusterInputs>): boolean {
  return Object.entries(inputs["env"] ?? {}).every(
    ([name, value]) => env?.[name] === value || isReference(value),
  );
}

function placementEffect(
  field: string,
  place: Readonly<Record<string, unknown>>,
  inputs: Previewed<ClusterInputs>,
): "placement" | "replace" {
  const accepted = listed((inputs as Readonly<Record<string, unknown>>)[field]);
  return isAmong(place[field], accepted) ? "placement" : "replace";
}
