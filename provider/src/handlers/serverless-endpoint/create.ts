import { foreign, safe } from "@runpod-stack/kit";
import type { Endpoint } from "../../api";
import { sentence } from "../../core/errors";
import type { Inputs, ServerlessEndpointProperties, Stored } from "../../schema";
import { adoption } from "../lifecycle/adoption";
import type { Context } from "../lifecycle/context";
import { createOnce } from "../lifecycle/create-once";
import { ENDPOINTS } from "../lifecycle/endpoints";
import { PartialFailure } from "../lifecycle/handler";
import { awaitOwn } from "../lifecycle/lost";
import { reportedTypes, wantedSelection } from "./gpus";
import { endpointOutputs } from "./outputs";
import { workerPrice } from "./price";
import { FIELDS, isOurs, isSent, syncEndpoint } from "./sync";
import { createBody, observedEndpoint } from "./wire";

/** An endpoint that exists, and what to store of it. */
interface Created {
  readonly id: string;
  readonly outputs: Stored<ServerlessEndpointProperties>;
}

/** Creates an endpoint. If the answer may have been lost, checks for it before sending it again. */
export async function createEndpoint(
  context: Context,
  inputs: Inputs<ServerlessEndpointProperties>,
): Promise<Created> {
  const selection = await wantedSelection(context, inputs);
  const price = await workerPrice(context, inputs);
  const body = createBody(inputs, selection);
  const send = () =>
    context.api.endpoints.create(body, { onProgress: (line) => context.say(foreign(line)) });
  const token = inputs["__token"];
  const what = `endpoint '${inputs["name"]}'`;
  const find = () => awaitOwn(context, ENDPOINTS, token);
  // Without a token, a lost endpoint could not be distinguished from any other.
  const endpoint =
    token === undefined
      ? await send()
      : await createOnce(context, what, send, find, `creation token ${token}`);
  context.endpoints.put(endpoint, true);
  const types = await reportedTypes(context, endpoint, inputs, selection);
  const reported = observedEndpoint(endpoint, inputs, types);
  const known = { reported, selection, price };
  return { id: endpoint.id, outputs: endpointOutputs(context, endpoint, inputs, known) };
}

/** Adopts an endpoint of an interrupted run, and updates it to match the program. */
export async function adoptEndpoint(
  context: Context,
  found: Endpoint,
  wanted: Inputs<ServerlessEndpointProperties>,
): Promise<Created> {
  const { id, name } = found;
  context.say(
    safe`endpoint '${wanted["name"]}': adopting ${id}, which an interrupted run of this stack created`,
  );
  const { inputs, needsToken } = adoption<ServerlessEndpointProperties>(found, wanted);
  const types = await reportedTypes(context, found, inputs, undefined);
  const reported = observedEndpoint(found, inputs, types);
  const fields = FIELDS.filter(
    (field) => isOurs(field, inputs, reported) && isSent(field, inputs, reported),
  );
  const sent = needsToken ? [...new Set([...fields, "env" as const])] : fields;
  try {
    return { id, outputs: await syncEndpoint(context, found, inputs, sent, {}) };
  } catch (error) {
    const reason = safe`Endpoint '${name}' (${id}) was created by an interrupted run but is not fully configured: ${sentence((error as Error).message)}`;
    throw new PartialFailure(id, endpointOutputs(context, found, inputs, { reported }), [reason]);
  }
}
