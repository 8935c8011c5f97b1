import { safe } from "@runpod-stack/kit";
import type { Endpoint, UpdateEndpointRequest } from "../../api";
import { isRunpodError, reworded, sentence } from "../../core/errors";
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
  const endpoint = body === undefined ? found : await update(context, found, body, inputs);
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

async function update(
  context: Context,
  { id }: Endpoint,
  body: UpdateEndpointRequest,
  { name }: Inputs<ServerlessEndpointProperties>,
): Promise<Endpoint> {
  try {
    return await context.api.endpoints.update(id, body);
  } catch (error) {
    // It is not documented which CPU flavors can take each other's place.
    if (!isRunpodError(error, "invalid") || body.cpu === undefined) {
      throw error;
    }
    throw reworded(
      error,
      safe`${sentence(error.message)} If RunPod cannot change the CPUs of endpoint '${name}', run \`pulumi up --replace <urn>\`, which creates a new endpoint with other URLs.`,
    );
  }
}
