import {
  type Inputs,
  type ServerlessEndpointProperties,
  serverlessEndpointFields,
} from "../../schema";
import { foundInputs } from "../lifecycle/drift";
import {
  changedWithDuplicates,
  DUPLICATES,
  duplicatesOf,
  endDuplicates,
  findDuplicates,
} from "../lifecycle/duplicates";
import { ENDPOINTS, endpointBill } from "../lifecycle/endpoints";
import { deleteForSure } from "../lifecycle/gone";
import type { Handler } from "../lifecycle/handler";
import { creating } from "../lifecycle/journal";
import { labeled } from "../lifecycle/labels";
import { getToUpdate, refreshed } from "../lifecycle/look-up";
import { findLost } from "../lifecycle/lost";
import { asFound, isImported, storedInputs } from "../lifecycle/record";
import { storedWithoutCall, withoutNewDefaults } from "../lifecycle/reported";
import { assertCanStay, canBecome, endpointChanges, endpointWarnings } from "./changes";
import { check } from "./check";
import { adoptEndpoint, createEndpoint } from "./create";
import { drain } from "./drain";
import { askedSelection, reportedTypes } from "./gpus";
import { isLowered, withoutLowering } from "./lowered-workers";
import { endpointOutputs } from "./outputs";
import { workerPrice } from "./price";
import { FIELDS, isOurs, isSent, syncEndpoint } from "./sync";
import { observedEndpoint } from "./wire";

const handler: Handler<ServerlessEndpointProperties> = {
  check,

  diff(old, inputs) {
    const changes = endpointChanges(old, inputs);
    const { changed, replaces } = changedWithDuplicates(old, changes);
    return {
      changed,
      replaces,
      warnings: endpointWarnings(inputs, replaces),
    };
  },

  async create(context, inputs) {
    const present = creating("ServerlessEndpoint", inputs);
    if (present === undefined) {
      return createEndpoint(context, inputs);
    }
    return context.journal.track(present, async () => {
      const lost = await findLost(context, ENDPOINTS, present, (one) => canBecome(one, inputs));
      return lost === undefined
        ? createEndpoint(context, inputs)
        : adoptEndpoint(context, lost, inputs);
    });
  },

  async read(context, id, outputs) {
    const { endpoints, api } = context;
    const what = `endpoint '${outputs["name"]}' (${id})`;
    const endpoint = await refreshed(context, what, outputs, id, endpoints, api.endpoints);
    if (endpoint === undefined) {
      return undefined;
    }
    const { [DUPLICATES]: _, ...stored } = outputs;
    const inputs = storedInputs(serverlessEndpointFields, stored);
    const token = inputs["__token"];
    const duplicates = await findDuplicates(context, ENDPOINTS, endpoint, token);
    const types = await reportedTypes(context, endpoint, inputs, askedSelection(stored));
    const reported = observedEndpoint(endpoint, inputs, types);
    const drift = withoutLowering(context, endpoint, inputs, reported);
    const corrected = foundInputs(serverlessEndpointFields, check, stored, drift);
    const marked = {
      ...corrected,
      revision: outputs["revision"] ?? 1,
      ...(duplicates.length > 0 && { [DUPLICATES]: duplicates }),
    };
    const price = isImported(stored)
      ? await workerPrice(context, {
          ...reported,
          ...marked,
        } as Inputs<ServerlessEndpointProperties>)
      : undefined;
    const known = { reported: drift, price };
    const found = endpointOutputs(context, endpoint, marked, known, outputs);
    return { inputs: marked, outputs: asFound(found, outputs) };
  },

  async update(context, id, stored, wanted) {
    const { [DUPLICATES]: _, ...old } = stored;
    // An adopted endpoint carries the token of the run that created it.
    const given = old["__token"] === undefined ? wanted : { ...wanted, __token: old["__token"] };
    const duplicates = duplicatesOf(stored);
    await endDuplicates(context, ENDPOINTS, id, old["__token"], duplicates);
    const changes = endpointChanges(old, given);
    const isForLater = changes.every(({ change }) => change === "local" || change === "attach");
    const isAsked = changes.length > 0 || duplicates.length > 0;
    if (isAsked && isForLater && !isImported(old)) {
      return storedWithoutCall(serverlessEndpointFields, old, given);
    }
    const what = `Endpoint '${given["name"]}' (${id})`;
    const endpoint = await getToUpdate(what, () => context.api.endpoints.get(id));
    const types = await reportedTypes(context, endpoint, old, askedSelection(old));
    const reported = observedEndpoint(endpoint, given, types, old);
    const inputs = withoutNewDefaults(given, old, reported);
    assertCanStay(id, inputs, reported, changes);
    const changed = changes.map(({ field }) => field);
    // Without any change, the engine asks to finish what an earlier update could not.
    const asked =
      changed.length > 0 ? changed : FIELDS.filter((field) => isOurs(field, inputs, reported));
    const lowered = isLowered(endpoint, inputs) ? (["workersMin", "workersMax"] as const) : [];
    const sent = [...new Set([...asked, ...lowered])].filter((field) =>
      isSent(field, inputs, reported),
    );
    return syncEndpoint(context, endpoint, inputs, sent, old);
  },

  async delete(context, id, outputs) {
    context.deleting.add(id);
    await endDuplicates(context, ENDPOINTS, id, outputs["__token"], duplicatesOf(outputs));
    await drain(context, id, outputs);
    const { workersMin: min = 0, workersMax: max = 0 } = outputs;
    const what = `endpoint '${outputs["name"]}' (${id})`;
    await deleteForSure(context, what, outputs, {
      remove: () => context.api.endpoints.delete(id),
      get: () => context.api.endpoints.get(id),
      bill: (endpoint) => endpointBill(endpoint ?? { workers: { min, max } }),
    });
    context.endpoints.remove(id);
  },
};

/** Serverless endpoints. Creation does not wait for a worker; EndpointReady does. */
export const serverlessEndpointHandler = labeled("ServerlessEndpoint", handler);
