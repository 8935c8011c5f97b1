import { type Safe, safe } from "@runpod-stack/kit";
import type { Endpoint } from "../../api";
import { UserError } from "../../core/errors";
import {
  type Inputs,
  listed,
  type Previewed,
  type Reported,
  type ServerlessEndpointInputs,
  type ServerlessEndpointProperties,
  type Stored,
  serverlessEndpointFields,
} from "../../schema";
import { type InputChange, sameValue, storedChanges } from "../lifecycle/diff";
import { isImported } from "../lifecycle/record";
import { discrepancy } from "../lifecycle/reported";

export type EndpointChange = InputChange<keyof ServerlessEndpointInputs>;

/** The differences between stored outputs and new inputs. */
export function endpointChanges(
  old: Stored<ServerlessEndpointProperties>,
  inputs: Previewed<ServerlessEndpointInputs>,
): EndpointChange[] {
  return storedChanges(serverlessEndpointFields, old, inputs, ({ field, change }) =>
    effect(field, change, old, inputs),
  );
}

/** Whether changes make a new release. */
export function isRelease(changes: readonly EndpointChange[]): boolean {
  return changes.some(({ change }) => change === "release");
}

/** Warnings before the user agrees: what a replacement ends. */
export function endpointWarnings(
  inputs: Previewed<ServerlessEndpointInputs>,
  replaces: readonly string[],
): Safe[] {
  if (replaces.length === 0) {
    return [];
  }
  return [
    safe`endpoint '${inputs["name"]}' will be replaced because of ${replaces.join(", ")}: its id and URLs change, and jobs in the old one's queue are canceled.`,
  ];
}

/** Whether an endpoint can be changed to match the inputs, without a replacement. */
export function canBecome(
  { type, gpu, cpu }: Endpoint,
  inputs: Stored<ServerlessEndpointInputs>,
): boolean {
  const isOther = type !== undefined && type !== inputs["type"];
  const isKnown = gpu != null || cpu !== undefined;
  const hasGpus = inputs["gpuTypeIds"] !== undefined;
  const hasProcessor = hasGpus
    ? gpu != null
    : isAmong(
        inputs["cpuFlavorIds"],
        cpu?.map(({ id }) => id),
      );
  return !isOther && (hasProcessor || !isKnown);
}

/** @throws UserError if only a replacement could make the endpoint match the program, or if that is not known */
export function assertCanStay(
  id: string,
  inputs: Inputs<ServerlessEndpointInputs>,
  reported: Reported<ServerlessEndpointInputs>,
  changes: readonly EndpointChange[],
): void {
  const reasons = changes
    .filter(({ change }) => change === "verify")
    .filter(
      ({ field }) => !sameValue(serverlessEndpointFields[field], reported[field], inputs[field]),
    )
    .map(({ field }) => discrepancy(field, reported[field], inputs[field]));
  if (reasons.length === 0) {
    return;
  }
  throw new UserError(
    safe`Endpoint '${inputs["name"]}' (${id}) cannot be changed to match the program: ${reasons.join("; ")}. Nothing was changed. Correct the program, or run \`pulumi up --replace <urn>\`, which creates a new endpoint with other URLs.`,
  );
}

/** The effect of a change, where a row of the table cannot decide it. */
function effect(
  field: keyof ServerlessEndpointInputs,
  change: EndpointChange["change"],
  old: Stored<ServerlessEndpointProperties>,
  inputs: Previewed<ServerlessEndpointInputs>,
): EndpointChange["change"] {
  if (field === "templateId") {
    // The inputs contain everything that a template of this program sets, so its id adds nothing.
    const isResolved = (inputs[field] === undefined ? old : inputs)["__resolved"] === true;
    return isResolved || (old[field] === undefined && isImported(old)) ? "local" : change;
  }
  if (field !== "gpuTypeIds" && field !== "cpuFlavorIds") {
    return change;
  }
  // RunPod does not change CPUs into GPUs, or the reverse, and adds no CPU flavor.
  const isOther = (old[field] === undefined) !== (inputs[field] === undefined);
  const isAdded = field === "cpuFlavorIds" && !isAmong(inputs[field], old[field]);
  return isOther || isAdded ? "replace" : change;
}

/** Whether all flavors are among the earlier ones. */
function isAmong(flavors: unknown, earlier: unknown): boolean {
  return listed(flavors).every((flavor) => listed(earlier).includes(flavor));
}
