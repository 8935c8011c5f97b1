import { oneSpaced } from "@runpod-stack/models";
import type { Inputs, ServerlessEndpointInputs, Stored } from "../../schema";
import type { Context } from "../lifecycle/context";

/** The lowest and the highest price of one worker, in USD per hour. */
export type WorkerPrice = readonly [lowest: number, highest: number];

/** The price of a worker by RunPod's catalog; undefined if the catalog does not show it. */
export async function workerPrice(
  context: Context,
  inputs: Inputs<ServerlessEndpointInputs>,
): Promise<WorkerPrice | undefined> {
  // A price is worth no failure.
  const prices = await pricesOf(context, inputs).catch(() => []);
  const known = prices.flatMap((price) => price ?? []);
  return known.length === 0 || known.length < prices.length
    ? undefined
    : [Math.min(...known), Math.max(...known)];
}

/** The costs of the lowest and the highest number of workers. */
export function costs(
  { workersMin, workersMax }: Stored<ServerlessEndpointInputs>,
  price: WorkerPrice | undefined,
): { costPerHrMin: number | null; costPerHrMax: number | null } {
  const cost = (workers: number | undefined, each: number | undefined) =>
    workers === undefined || each === undefined ? null : Number((workers * each).toPrecision(6));
  return { costPerHrMin: cost(workersMin, price?.[0]), costPerHrMax: cost(workersMax, price?.[1]) };
}

async function pricesOf(
  context: Context,
  inputs: Inputs<ServerlessEndpointInputs>,
): Promise<(number | undefined)[]> {
  const { gpuTypeIds, gpuCount = 1, cpuFlavorIds = [], vcpuCount = 2 } = inputs;
  if (gpuTypeIds === undefined) {
    const flavors = await context.cpuTypes();
    return cpuFlavorIds.map((id) => {
      const each = flavors.find((one) => one.id === id)?.price?.serverlessPerVcpu;
      return each === undefined ? undefined : each * vcpuCount;
    });
  }
  const types = await context.gpuTypes();
  return gpuTypeIds.map((id) => {
    const each = types.find((one) => oneSpaced(one.id) === oneSpaced(id))?.price?.serverless;
    return each === undefined ? undefined : each * gpuCount;
  });
}
