import type { Endpoint } from "../../api";
import {
  type Inputs,
  type Reported,
  type ServerlessEndpointInputs,
  type ServerlessEndpointProperties,
  type Stored,
  serverlessEndpointFields,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { sameValue } from "../lifecycle/diff";
import { templateMaySet } from "../lifecycle/environment";
import { askedSelection, reportedTypes, wantedSelection } from "./gpus";
import { endpointOutputs } from "./outputs";
import { workerPrice } from "./price";
import { observedEndpoint, updateBody } from "./wire";

export type Field = keyof ServerlessEndpointInputs;

export const FIELDS = Object.keys(serverlessEndpointFields) as Field[];

/** Whether an input has to be sent to RunPod. */
export function isSent(
  field: Field,
  inputs: Inputs<ServerlessEndpointProperties>,
  reported: Reported<ServerlessEndpointInputs>,
): boolean {
  const row = serverlessEndpointFields[field];
  if (row.change !== "update" && row.change !== "release") {
    return false;
  }
  return reported[field] === undefined || !sameValue(row, reported[field], inputs[field]);
}

/** Whether RunPod reports a value of an input that is the program's to decide. */
export function isOurs(
  field: Field,
  inputs: Inputs<ServerlessEndpointProperties>,
  reported: Reported<ServerlessEndpointInputs>,
): boolean {
  const isCleared = serverlessEndpointFields[field].removal === "clear" && !templateMaySet(inputs);
  return reported[field] !== undefined && (inputs[field] !== undefined || isCleared);
}

/** Sends some of the inputs to RunPod, and returns what to store. Sends nothing without fields. */
export async function syncEndpoint(
  context: Context,
  found: Endpoint,
  inputs: Inputs<ServerlessEndpointProperties>,
  fields: readonly Field[],
  old: Stored<ServerlessEndpointProperties>,
): Promise<Stored<ServerlessEndpointProperties>> {
  const isRelease = fields.some((field) => serverlessEndpointFields[field].change === "release");
  const selection = isRelease ? await wantedSelection(context, inputs) : undefined;
  const body = updateBody(inputs, fields, found, selection, old);
  const endpoint = body === undefined ? found : await context.api.endpoints.update(found.id, body);
  context.endpoints.put(endpoint);
  const asked = body?.gpu === undefined ? askedSelection(old) : selection;
  const types = await reportedTypes(context, endpoint, inputs, asked);
  const known = {
    reported: observedEndpoint(endpoint, inputs, types, old),
    selection: asked,
    price: isRelease ? await workerPrice(context, inputs) : undefined,
  };
  return endpointOutputs(context, endpoint, inputs, known, old);
}
