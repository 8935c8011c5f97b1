import { safe } from "@runpod-stack/kit";
import type {
  CreateNetworkVolumeRequest,
  NetworkVolume,
  UpdateNetworkVolumeRequest,
} from "../../api";
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
import { type InputChange, inputChanges, saidChanges, sameValue } from "../lifecycle/diff";
import { deleteForSure } from "../lifecycle/gone";
import { namedHandler } from "../lifecycle/named-handler";
import { isImported, storedLive } from "../lifecycle/record";
import { discrepancy } from "../lifecycle/reported";
import { automaticName, withToken } from "../lifecycle/token";

const DETACH_FOR_MS = 60_000;
const DETACH_PAUSE_MS = 3_000;

type Input = keyof VolumeInputs;

/** Network volumes: storage that outlives pods, in one data center. */
export const volumeHandler = namedHandler<
  VolumeInputs,
  NetworkVolume,
  CreateNetworkVolumeRequest,
  UpdateNetworkVolumeRequest
>({
  kind: "Volume",
  noun: "volume",
  fields: volumeFields,
  objects: ({ volumes, api }) => ({ snapshot: volumes, api: api.volumes }),

  check(old, given) {
    const { values, notes } = upperCaseDataCenters(withToken(old, given));
    const defaults = (inputs: Previewed<VolumeInputs>) => ({ name: automaticName(inputs) });
    const judged = checkInputs(volumeFields, volumeRules, old, values, defaults);
    const problems = [...judged.problems, ...volumeIdProblems(old, judged.inputs)];
    return { ...judged, problems, notes };
  },

  changes: volumeChanges,

  warnings(inputs, changes) {
    const fields = (kind: string) =>
      changes.filter(({ change }) => change === kind).map(({ field }) => field);
    const [replaces, verified] = [fields("replace"), fields("verify")];
    const name = `volume '${inputs["name"]}'`;
    return [
      ...(replaces.length > 0
        ? [
            safe`${name} will be deleted with its content and created anew because of ${replaces.join(", ")}.`,
          ]
        : []),
      ...verified.map(
        (field) =>
          safe`${name}: the update compares ${field} with what RunPod reports, and fails if it differs. The volume is not replaced.`,
      ),
    ];
  },

  body: (inputs, fields) => toWire(volumeFields, inputs, fields),
  observed,
  fits: (found, inputs) =>
    found.size === inputs["size"] && found.dataCenter === inputs["dataCenterId"],

  changesFound(found, inputs, changes) {
    // One that is too large never becomes smaller.
    const isTooLarge = found.size > inputs["size"];
    return changes.map((change) =>
      change.field === "size" && isTooLarge ? { ...change, change: "replace" } : change,
    );
  },

  assertCanStay,

  async delete(context, id, stored, what) {
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
});

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
function assertCanStay(
  id: string,
  inputs: Inputs<VolumeInputs>,
  reported: Reported<VolumeInputs>,
  changes: readonly InputChange[],
): void {
  const verified = changes.filter(({ change }) => change === "verify").map(({ field }) => field);
  const reasons = (["dataCenterId", "type"] as const)
    .filter((field) => inputs[field] !== undefined)
    .filter((field) => reported[field] !== undefined || verified.includes(field))
    .filter((field) => !sameValue(volumeFields[field], reported[field], inputs[field]))
    .map((field) => discrepancy(field, reported[field], inputs[field]));
  if (reasons.length === 0) return;
  throw new UserError(
    safe`Volume '${inputs["name"]}' (${id}) cannot be changed into what the program says: ${reasons.join("; ")}. Nothing was changed. Correct the program; or, to delete the volume with its content and create another, set allowReplace: true, run \`pulumi refresh\`, and then \`pulumi up\`.`,
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
