import { safe } from "@runpod-stack/kit";
import type {
  CreateNetworkVolumeRequest,
  NetworkVolume,
  UpdateNetworkVolumeRequest,
} from "../../api";
import { UserError } from "../../core/errors";
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
import { changesByProgram, type InputChange, inputChanges, sameValue } from "../lifecycle/diff";
import { deleteHeld } from "../lifecycle/gone";
import { labeled } from "../lifecycle/labels";
import { listIfAllowed } from "../lifecycle/list-if-allowed";
import { namedHandler } from "../lifecycle/named-handler";
import { isImported, storedLive } from "../lifecycle/record";
import { discrepancy } from "../lifecycle/reported";
import { automaticName, withToken } from "../lifecycle/token";

type Input = keyof VolumeInputs;

const handler = namedHandler<
  VolumeInputs,
  NetworkVolume,
  CreateNetworkVolumeRequest,
  UpdateNetworkVolumeRequest
>({
  kind: "Volume",
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
            safe`${name} will be deleted with its content and recreated because of ${replaces.join(", ")}.`,
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
    // A volume that is too large cannot shrink.
    const isTooLarge = found.size > inputs["size"];
    return changes.map((change) =>
      change.field === "size" && isTooLarge ? { ...change, change: "replace" } : change,
    );
  },

  assertCanStay,

  async delete(context, id, stored, what) {
    await deleteHeld(context, what, stored, {
      remove: () => context.api.volumes.delete(id),
      get: () => context.api.volumes.get(id),
      bill: (volume) => volumeBill(volume?.size ?? stored["size"]),
      holders: () => otherHolders(context, id),
      waiting: safe`${what} is still being detached; retrying`,
      remedyFor: (holders) =>
        `It is mounted by ${holders}, which this run does not delete. Delete those first, and run the same command again.`,
    });
    context.volumes.remove(id);
  },
});

/** Network volumes: storage that outlives pods, in one data center. */
export const volumeHandler = labeled("Volume", handler);

/**
 * The changes that new inputs make. Only `allowReplace` replaces a volume, and only if the value is
 * known to differ.
 */
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
  return isImported(old) ? changesByProgram(changes, inputs) : changes;
}

/** @throws UserError if the volume's data center or type differs from the program's, or may differ */
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
  if (reasons.length === 0) {
    return;
  }
  throw new UserError(
    safe`Volume '${inputs["name"]}' (${id}) cannot be changed to match the program: ${reasons.join("; ")}. Nothing was changed. Correct the program. To delete the volume with its content and create another, set allowReplace: true, run \`pulumi refresh\`, and then \`pulumi up\`.`,
  );
}

function observed(volume: NetworkVolume): Reported<VolumeInputs> {
  return fromWire(volumeFields, volume, {});
}

/** The pods and endpoints that mount a volume and that this run does not delete, as messages name them. */
async function otherHolders(context: Context, id: string): Promise<string> {
  const [pods, endpoints] = await Promise.all([
    context.pods.list(0),
    listIfAllowed(() => context.endpoints.list(0)),
  ]);
  const holders = [
    ...pods.filter((pod) => pod.mounts?.network?.[0]?.volumeId === id),
    ...endpoints.filter(({ networkVolumes }) => networkVolumes?.includes(id)),
  ].filter((one) => !context.deleting.has(one.id));
  return holders.map((one) => `'${one.name}' (${one.id})`).join(", ");
}
