import type { Endpoint } from "../../api";
import { isRunpodError } from "../../core/errors";
import type { GpuSelection, Inputs, ServerlessEndpointInputs, Stored } from "../../schema";
import type { Context } from "../lifecycle/context";
import { storedLive } from "../lifecycle/record";
import { isSameSelection, selectionOf, typesIn } from "./gpu-selection";

/**
 * The GPUs to ask RunPod for; undefined for an endpoint without GPUs.
 * @throws UserError if a GPU type is not available to endpoints
 */
export async function wantedSelection(
  context: Context,
  inputs: Inputs<ServerlessEndpointInputs>,
): Promise<GpuSelection | undefined> {
  const { gpuTypeIds } = inputs;
  if (gpuTypeIds === undefined) {
    return undefined;
  }
  return selectionOf(await context.gpuTypes(), gpuTypeIds, `Endpoint '${inputs["name"]}'`);
}

/**
 * The GPU types that RunPod reports; undefined if it reports none, or if the catalog cannot be read.
 * A selection that is as it was asked for stands for the types that it was made from.
 */
export async function reportedTypes(
  context: Context,
  { gpu }: Endpoint,
  { gpuTypeIds }: Stored<ServerlessEndpointInputs>,
  asked: GpuSelection | undefined,
): Promise<string[] | undefined> {
  if (gpu?.pools === undefined) {
    return undefined;
  }
  const { pools, excludedTypes = asked?.excludedTypes ?? [] } = gpu;
  const reported = { pools, excludedTypes };
  if (asked !== undefined && isSameSelection(asked, reported)) {
    return gpuTypeIds;
  }
  try {
    return typesIn(await context.gpuTypes(), reported);
  } catch (error) {
    if (isRunpodError(error)) {
      return undefined;
    }
    throw error;
  }
}

/** The GPUs that an endpoint in the state was last asked for. */
export function askedSelection(stored: Stored<object>): GpuSelection | undefined {
  return storedLive(stored)?.gpuSelection;
}
