import { safe } from "@runpod-stack/kit";
import type { Endpoint } from "../../api";
import type { Reported, ServerlessEndpointInputs, Stored } from "../../schema";
import type { Context } from "../lifecycle/context";

/** To what RunPod lowers `workersMax`. Source: RunPod docs, serverless/workers/overview. */
const LOWERED: readonly number[] = [2, 0];

/**
 * Whether an endpoint has fewer workers because RunPod lowered their number: it does so after days
 * without a request, and after workers that were unhealthy again and again.
 */
export function isLowered(
  { workers }: Endpoint,
  { workersMax: wanted }: Stored<ServerlessEndpointInputs>,
): boolean {
  const max = workers?.max;
  return max !== undefined && wanted !== undefined && max < wanted && LOWERED.includes(max);
}

/**
 * What a refresh takes for drift: not that RunPod lowered the number of workers, unless the program
 * asks for it. That is only reported.
 */
export function withoutLowering(
  context: Context,
  endpoint: Endpoint,
  inputs: Stored<ServerlessEndpointInputs>,
  reported: Reported<ServerlessEndpointInputs>,
): Reported<ServerlessEndpointInputs> {
  if (inputs["restoreWorkers"] === true || !isLowered(endpoint, inputs)) {
    return reported;
  }
  const { max = 0 } = endpoint.workers;
  const effect =
    max === 0 ? "Its jobs stay in the queue" : `At most ${max} of its jobs run at a time`;
  context.say(
    safe`endpoint '${inputs["name"]}' (${endpoint.id}): workersMax is ${max} at RunPod, not ${inputs["workersMax"]}. RunPod lowers it to 2 after 3 days without a request, and to 0 after 7 days or if workers keep failing. ${effect}. It is left so: the next change of the endpoint restores it, and so does restoreWorkers: true`,
  );
  const { workersMax: _, workersMin, ...rest } = reported;
  const isMinLowered = Number(workersMin) < (inputs["workersMin"] ?? 0);
  return isMinLowered ? rest : { ...rest, workersMin };
}
