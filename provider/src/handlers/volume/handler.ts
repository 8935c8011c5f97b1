import { safe } from "@runpod-stack/kit";
import type { CreateNetworkVolumeRequest, NetworkVolume } from "../../api";
import { isRunpodError, UserError } from "../../core/errors";
import {
  bothKnown,
  checkInputs,
  fromWire,
  type Inputs,
  type Previewed,
  type Reported,
  type Stored,
  toWire,
  type VolumeInputs,
  volumeFields,
  volumeRules,
} from "../../schema";
import { volumeBill } from "../lifecycle/bill";
import { upperCaseDataCenters, volumeIdProblems } from "../lifecycle/catalog-ids";
import type { Context } from "../lifecycle/context";
import { createNamed } from "../lifecycle/create-named";
import {
  differences,
  type InputChange,
  inputChanges,
  saidChanges,
  sameValue,
} from "../lifecycle/diff";
import { foundInputs } from "../lifecycle/drift";
import { confirm, deleteForSure } from "../lifecycle/gone";
import type { Handler } from "../lifecycle/handler";
import { asFound, isImported, liveRecord, storedLive } from "../lifecycle/record";
import { discrepancy, storedCopy, withoutNewDefaults } from "../lifecycle/reported";
import { REFRESH_AGE_MS } from "../lifecycle/snapshot";
import { automaticName, withToken } from "../lifecycle/token";

const DETACH_FOR_MS = 60_000;
const DETACH_PAUSE_MS = 3_000;

type Input = keyof VolumeInputs;
const FIELDS = Object.keys(volumeFields) as Input[];

/** Network volumes: storage that outlives pods, in one data center. */
export const volumeHandler: Handler<VolumeInputs> = {
  check(old, given) {
    const { values, notes } = upperCaseDataCenters(withToken(old, given));
    const defaults = (inputs: Previewed<VolumeInputs>) => ({ name: automaticName(inputs) });
    const judged = checkInputs(volumeFields, volumeRules, old, values, defaults);
    const problems = [...judged.problems, ...volumeIdProblems(old, judged.inputs)];
    return { ...judged, problems, notes };
  },

  diff(old, inputs) {
    const changes = volumeChanges(old, inputs);
    const fields = (kind: string) =>
      changes.filter(({ change }) => change === kind).map(({ field }) => field);
    const [replaces, verified] = [fields("replace"), fields("verify")];
    const name = `volume '${inputs["name"]}'`;
    return {
      changed: changes.map(({ field }) => field),
      replaces,
      warnings: [
        ...(replaces.length > 0
          ? [
              safe`${name} will be deleted with its content and created anew because of ${replaces.join(", ")}.`,
            ]
          : []),
        ...verified.map(
          (field) =>
            safe`${name}: the update compares ${field} with what RunPod reports, and fails if it differs. The volume is not replaced.`,
        ),
      ],
    };
  },

  async create(context, inputs) {
    const volume = await createNamed<NetworkVolume>(context, inputs, {
      kind: "Volume",
      noun: "volume",
      snapshot: context.volumes,
      fits: (found) => found.size === inputs["size"] && found.dataCenter === inputs["dataCenterId"],
      create: () =>
        context.api.volumes.create(toWire(volumeFields, inputs) as CreateNetworkVolumeRequest),
      changes: (found) => changesOf(found, inputs),
      update: ({ id }, fields) =>
        context.api.volumes.update(id, toWire(volumeFields, inputs, fields as Input[])),
      outputs: outputs(context, inputs),
    });
    return { id: volume.id, outputs: outputs(context, inputs, observed(volume)) };
  },

  async read(context, id, stored) {
    const listed = (await context.volumes.list(REFRESH_AGE_MS)).find((volume) => volume.id === id);
    const what = `volume '${stored["name"]}' (${id})`;
    const volume =
      listed ?? (await confirm(context, what, stored, () => context.api.volumes.get(id)));
    if (volume === undefined) return undefined;
    const reported = observed(volume);
    const inputs = foundInputs(volumeFields, volumeHandler.check, stored, reported);
    return { inputs, outputs: asFound(outputs(context, inputs, reported, stored), stored) };
  },

  async update(context, id, old, given) {
    const changes = volumeChanges(old, given);
    const isUncertain = isImported(old) || changes.some(({ change }) => change === "verify");
    const isUnfinished = changes.length === 0;
    const found = isUncertain || isUnfinished ? await context.api.volumes.get(id) : undefined;
    const reported = found === undefined ? {} : observed(found);
    const inputs = withoutNewDefaults(given, old, reported);
    if (isUncertain) assertStays(id, inputs, reported, changes);
    const fields = isUnfinished
      ? FIELDS.filter((field) => field in reported)
      : changes.map(({ field }) => field);
    const request = toWire(
      volumeFields,
      inputs,
      fields.filter((field) => isPatched(field, inputs, reported)),
    );
    const volume =
      Object.keys(request).length === 0 ? found : await context.api.volumes.update(id, request);
    if (volume !== undefined) context.volumes.put(volume);
    return outputs(context, inputs, volume === undefined ? {} : observed(volume), old);
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

/** What new inputs change. Only `allowReplace` replaces a volume, and only if the value is known to differ. */
function volumeChanges(
  old: Stored<VolumeInputs>,
  inputs: Previewed<VolumeInputs>,
): InputChange<Input>[] {
  const changes = inputChanges(volumeFields, old, inputs).map(
    ({ field, change }): InputChange<Input> => {
      const isKnown = storedLive(old) !== undefined && bothKnown(old[field], inputs[field]);
      const mayReplace = inputs["allowReplace"] === true && isKnown;
      return { field, change: change === "replace" && !mayReplace ? "verify" : change };
    },
  );
  return isImported(old) ? saidChanges(changes, inputs) : changes;
}

/** @throws UserError if the volume is not, or may not be, where and of what type the program says */
function assertStays(
  id: string,
  inputs: Inputs<VolumeInputs>,
  reported: Reported<VolumeInputs>,
  changes: readonly InputChange[],
): void {
  const verified = changes.filter(({ change }) => change === "verify").map(({ field }) => field);
  const reasons = (["dataCenterId", "type"] as const)
    .filter((field) => inputs[field] !== undefined)
    .filter((field) => reported[field] !== undefined || verified.includes(field))
    .filter((field) => !sameAs(field, reported[field], inputs[field]))
    .map((field) => discrepancy(field, reported[field], inputs[field]));
  if (reasons.length === 0) return;
  throw new UserError(
    safe`Volume '${inputs["name"]}' (${id}) cannot be changed into what the program says: ${reasons.join("; ")}. Nothing was changed. Correct the program; or, to delete the volume with its content and create another, set allowReplace: true, run \`pulumi refresh\`, and then \`pulumi up\`.`,
  );
}

/** Whether a changed or unfinished input has to be sent. */
function isPatched(
  field: Input,
  inputs: Inputs<VolumeInputs>,
  reported: Reported<VolumeInputs>,
): boolean {
  if (field !== "name" && field !== "size") return false;
  return reported[field] === undefined || !sameAs(field, reported[field], inputs[field]);
}

function sameAs(field: Input, before: unknown, after: unknown): boolean {
  return sameValue(volumeFields[field], before, after);
}

/** What is to change of a volume that is found: one that is too large never becomes smaller. */
function changesOf(found: NetworkVolume, inputs: Inputs<VolumeInputs>): InputChange[] {
  const changes = differences(volumeFields, { ...inputs, ...observed(found) }, inputs);
  const isTooLarge = found.size > inputs["size"];
  return changes.map((change) =>
    change.field === "size" && isTooLarge ? { ...change, change: "replace" } : change,
  );
}

function observed(volume: NetworkVolume): Reported<VolumeInputs> {
  return fromWire(volumeFields, volume, {});
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
      context.say(safe`${what} is still being detached; trying again`);
      await context.clock.sleep(DETACH_PAUSE_MS);
    }
  }
}

function outputs(
  context: Context,
  inputs: Stored<VolumeInputs>,
  reported: Reported<VolumeInputs> = {},
  old: Stored<VolumeInputs> = {},
): Stored<VolumeInputs> {
  const copy = storedCopy(volumeFields, inputs, reported, old);
  return { ...copy, __live: liveRecord(context, old) };
}
