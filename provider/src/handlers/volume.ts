import type { CreateNetworkVolumeRequest, NetworkVolume, UpdateNetworkVolumeRequest } from "../api";
import { isRunpodError } from "../core/errors";
import { checkInputs, type Field, type Values, volumeFields, volumeRules } from "../schema";
import { volumeBill } from "./bill";
import type { Context } from "./context";
import { upperCaseDataCenters } from "./data-centers";
import { type InputChange, inputChanges } from "./diff";
import { correctedInputs } from "./drift";
import { confirm, deleteForSure } from "./gone";
import type { Handler } from "./handler";
import { liveRecord, storedInputs } from "./live";
import { createNamed } from "./named";
import { REFRESH_AGE_MS } from "./snapshot";
import { automaticName, withToken } from "./token";

const DETACH_FOR_MS = 60_000;
const DETACH_PAUSE_MS = 3_000;

/** Network volumes: storage that outlives pods, in one data center. */
export const volumeHandler: Handler = {
  check(old, given) {
    const { values, notes } = upperCaseDataCenters(withToken(given));
    const defaults = (inputs: Values) => ({ name: automaticName(inputs) });
    return { ...checkInputs(volumeFields, volumeRules, old, values, defaults), notes };
  },

  diff(old, inputs) {
    const changes = inputChanges(volumeFields, old, inputs);
    const replaces = changes.filter(({ change }) => change === "replace").map(({ field }) => field);
    const warning = `volume '${inputs["name"]}' will be deleted with its content and created anew because of ${replaces.join(", ")}.`;
    return {
      changed: changes.map(({ field }) => field),
      replaces,
      warnings: replaces.length > 0 ? [warning] : [],
    };
  },

  async create(context, inputs) {
    const stored = outputs(context, inputs);
    const volume = await createNamed<NetworkVolume>(context, inputs, {
      noun: "volume",
      snapshot: context.volumes,
      fits: (found) => found.size === inputs["size"] && found.dataCenter === inputs["dataCenterId"],
      create: () =>
        context.api.volumes.create(
          body(inputs, Object.keys(volumeFields)) as CreateNetworkVolumeRequest,
        ),
      changes: (found) => changesOf(found, inputs),
      update: ({ id }, fields) =>
        context.api.volumes.update(id, body(inputs, fields) as UpdateNetworkVolumeRequest),
      outputs: stored,
    });
    return { id: volume.id, outputs: stored };
  },

  async read(context, id, stored) {
    const listed = (await context.volumes.list(REFRESH_AGE_MS)).find((volume) => volume.id === id);
    const what = `volume '${stored["name"]}' (${id})`;
    const volume =
      listed ?? (await confirm(context, what, stored, () => context.api.volumes.get(id)));
    if (volume === undefined) return undefined;
    const inputs = storedInputs(volumeFields, stored);
    const corrected = correctedInputs(volumeFields, inputs, observed(volume));
    return { inputs: corrected, outputs: outputs(context, corrected, stored) };
  },

  async update(context, id, old, inputs) {
    const changes = inputChanges(volumeFields, old, inputs).map(({ field }) => field);
    const request = body(inputs, changes.length > 0 ? changes : ["name", "size"]);
    if (Object.keys(request).length > 0) {
      context.volumes.put(
        await context.api.volumes.update(id, request as UpdateNetworkVolumeRequest),
      );
    }
    return outputs(context, inputs, old);
  },

  async delete(context, id, stored) {
    const what = `volume '${stored["name"]}' (${id})`;
    let holders: string | undefined;
    await deleteForSure(context, what, stored, {
      remove: () =>
        removeOnceDetached(context, id, what, (names) => {
          holders = names;
        }),
      get: () => context.api.volumes.get(id),
      bill: (volume) => volumeBill(volume?.size ?? stored["size"]),
      remedy: () =>
        holders &&
        `It is mounted by ${holders}, which this run does not delete: delete those pods first, and run the same command again.`,
    });
    context.volumes.remove(id);
  },
};

/** What is to change of a volume that is found: one that is too large never becomes smaller. */
function changesOf(found: NetworkVolume, inputs: Values): InputChange[] {
  const changes = inputChanges(volumeFields, { ...inputs, ...observed(found) }, inputs);
  const isTooLarge = found.size > Number(inputs["size"]);
  return changes.map((change) =>
    change.field === "size" && isTooLarge ? { ...change, change: "replace" } : change,
  );
}

function observed({ name, size, dataCenter: dataCenterId, type }: NetworkVolume): Values {
  return { name, size, dataCenterId, type };
}

/**
 * Deletes the volume, waiting for pods that this very run deletes, and for no others.
 * @param onHeld hears of the others
 */
async function removeOnceDetached(
  context: Context,
  id: string,
  what: string,
  onHeld: (names: string) => void,
): Promise<void> {
  const deadline = context.clock.monotonic() + DETACH_FOR_MS;
  for (;;) {
    try {
      return await context.api.volumes.delete(id);
    } catch (error) {
      const isInUse =
        isRunpodError(error) && (error.kind === "invalid" || error.kind === "conflict");
      if (!isInUse) throw error;
      const holders = (await context.pods.list(0)).filter(
        (pod) => pod.mounts?.network?.[0]?.volumeId === id,
      );
      const others = holders.filter((pod) => !context.deleting.has(pod.id));
      if (others.length > 0) onHeld(others.map((pod) => `'${pod.name}' (${pod.id})`).join(", "));
      if (others.length > 0 || context.clock.monotonic() >= deadline) throw error;
      context.say(`${what} is still being detached; trying again`);
      await context.clock.sleep(DETACH_PAUSE_MS);
    }
  }
}

function body(inputs: Values, fields: readonly string[]): Values {
  const request: Values = {};
  for (const field of fields) {
    const { wire }: Field = volumeFields[field as keyof typeof volumeFields];
    if (wire !== undefined && inputs[field] !== undefined) request[wire] = inputs[field];
  }
  return request;
}

function outputs(context: Context, inputs: Values, old: Values = {}): Values {
  return { ...inputs, __live: liveRecord(context, old) };
}
