import {
  type Checked,
  checkInputs,
  hasUnknown,
  type Inputs,
  type PodInputs,
  type PodProperties,
  type Previewed,
  podFields,
  podRules,
  problem,
} from "../../schema";
import { podBill, storedPodBill } from "../lifecycle/bill";
import { gpuNotes, placeIdProblems, upperCaseDataCenters } from "../lifecycle/catalog-ids";
import type { Context } from "../lifecycle/context";
import { foundInputs } from "../lifecycle/drift";
import {
  changedWithDuplicates,
  DUPLICATES,
  duplicatesOf,
  endDuplicates,
  findDuplicates,
} from "../lifecycle/duplicates";
import { templateMaySet } from "../lifecycle/environment";
import { deleteForSure } from "../lifecycle/gone";
import type { Handler } from "../lifecycle/handler";
import { creating } from "../lifecycle/journal";
import { labeled } from "../lifecycle/labels";
import { getToUpdate, refreshed } from "../lifecycle/look-up";
import { findLost } from "../lifecycle/lost";
import { isAlive, PODS, unlock } from "../lifecycle/pods";
import { asFound, isImported, storedInputs } from "../lifecycle/record";
import { storedWithoutCall, withoutNewDefaults } from "../lifecycle/reported";
import { automaticName, withToken } from "../lifecycle/token";
import { adopt } from "./adopt";
import { place } from "./candidates";
import { nextRevision, podChanges, podWarnings } from "./changes";
import { assertCanStay, canBecome } from "./conflicts";
import { bornAt } from "./lifetime";
import { podOutputs } from "./outputs";
import { settle, syncPod } from "./sync";
import { candidatesOf, createBody, observedPod } from "./wire";

/** RunPod rejects larger bodies, and requests that exceed this size together with their template. */
const MAX_BODY_BYTES = 102_400;

const UNLOCK =
  "Unlock it in RunPod's console, or set locked: false and run `pulumi up`. Then delete it again.";

const FIELDS = Object.keys(podFields) as (keyof PodInputs)[];

const handler: Handler<PodProperties> = {
  check(old, given) {
    const { revision: _, ...own } = withToken(old, given);
    const { values, notes } = upperCaseDataCenters(own);
    const judged = checkInputs(podFields, podRules, old, values, podDefaults);
    const ids = placeIdProblems(old, judged.inputs);
    const problems = [...judged.problems, ...ids, ...bodyProblems(judged)];
    return {
      inputs: { ...judged.inputs, revision: nextRevision(old, judged.inputs) },
      problems,
      notes: [...notes, ...gpuNotes(old, judged.inputs)],
    };
  },

  diff(old, inputs) {
    const changes = podChanges(old, inputs);
    const { changed, replaces } = changedWithDuplicates(old, changes);
    return {
      changed,
      replaces,
      deleteBeforeReplace: true,
      warnings: podWarnings(old, inputs, changes, replaces),
    };
  },

  async create(context, inputs) {
    const present = creating("Pod", inputs);
    if (present === undefined) {
      return createNew(context, inputs);
    }
    return context.journal.track(present, async () => {
      const lost = await findLost(context, PODS, present, (pod) => canBecome(pod, inputs));
      return lost === undefined ? createNew(context, inputs) : adopt(context, lost, inputs);
    });
  },

  async read(context, id, outputs) {
    const what = `pod '${outputs["name"]}' (${id})`;
    const pod = await refreshed(context, what, outputs, id, context.pods, context.api.pods);
    if (pod === undefined || !isAlive(pod)) {
      return undefined;
    }
    const { [DUPLICATES]: _, ...stored } = outputs;
    const inputs = storedInputs(podFields, stored);
    const duplicates = await findDuplicates(context, PODS, pod, inputs["__token"]);
    const observed = observedPod(pod, inputs, bornAt(context, pod, inputs, outputs));
    const corrected = foundInputs(podFields, handler.check, stored, observed);
    const withRevision = { ...corrected, revision: outputs["revision"] ?? 1 };
    const marked =
      duplicates.length > 0 ? { ...withRevision, [DUPLICATES]: duplicates } : withRevision;
    const found = podOutputs(context, pod, marked, outputs);
    return { inputs: marked, outputs: asFound(found, outputs) };
  },

  async update(context, id, stored, wanted) {
    const { [DUPLICATES]: _, ...old } = stored;
    // An adopted pod carries the token of the run that created it.
    const given = old["__token"] === undefined ? wanted : { ...wanted, __token: old["__token"] };
    const duplicates = duplicatesOf(stored);
    await endDuplicates(context, PODS, id, old["__token"], duplicates);
    const changes = podChanges(old, given);
    const isForLater = changes.every(({ change }) =>
      ["placement", "local", "attach"].includes(change),
    );
    const isAsked = changes.length > 0 || duplicates.length > 0;
    if (isAsked && isForLater && !isImported(old)) {
      return storedWithoutCall(podFields, old, given);
    }
    const what = `Pod '${given["name"]}' (${id})`;
    const pod = await getToUpdate(what, () => context.api.pods.get(id));
    const observed = observedPod(pod, given, bornAt(context, pod, given, old), old);
    const inputs = withoutNewDefaults(given, old, observed);
    if (isImported(old) || changes.some(({ change }) => change === "verify")) {
      assertCanStay(pod, inputs, old, observed, changes);
    }
    // Without any change, the engine asks to finish what an earlier update could not.
    const changed = changes.length > 0 ? changes.map(({ field }) => field) : FIELDS;
    const synced = await syncPod(context, pod, inputs, changed, old);
    return podOutputs(context, synced, inputs, old);
  },

  async delete(context, id, outputs) {
    context.deleting.add(id);
    await endDuplicates(context, PODS, id, outputs["__token"], duplicatesOf(outputs));
    const what = `pod '${outputs["name"]}' (${id})`;
    await deleteForSure(context, what, outputs, {
      remove: async () => {
        if (outputs["locked"] === true) {
          await unlock(context, id);
        }
        await context.api.pods.delete(id);
      },
      get: () => context.api.pods.get(id),
      isGone: (pod) => !isAlive(pod),
      bill: (pod) => (pod === undefined ? storedPodBill(outputs) : podBill(pod)),
      remedy: ({ detail }) => (/\block/i.test(detail ?? "") ? UNLOCK : undefined),
    });
    context.pods.remove(id);
  },
};

/** Pods. Creation does not wait for the service in them; PodEndpoint does. */
export const podHandler = labeled("Pod", handler);

async function createNew(context: Context, inputs: Inputs<PodProperties>) {
  const pod = await place(context, inputs);
  return { id: pod.id, outputs: podOutputs(context, await settle(context, pod, inputs), inputs) };
}

function podDefaults(inputs: Previewed<PodProperties>): Previewed<PodProperties> {
  const hasMount = inputs["volumeInGb"] !== undefined || inputs["networkVolumeId"] !== undefined;
  return {
    name: automaticName(inputs),
    gpuCount: inputs["gpuTypeIds"] === undefined ? undefined : 1,
    vcpuCount: inputs["cpuFlavorIds"] === undefined ? undefined : 2,
    // A default must never override a template that is given only by its id.
    containerDiskInGb: templateMaySet(inputs) ? undefined : 50,
    volumeMountPath: hasMount ? "/workspace" : undefined,
  };
}

function bodyProblems({
  inputs,
  problems,
}: Checked<PodProperties>): Checked<PodInputs>["problems"] {
  if (problems.length > 0 || hasUnknown(inputs)) {
    return [];
  }
  const known = inputs as Inputs<PodInputs>;
  const [candidate] = candidatesOf(known);
  if (candidate === undefined) {
    return [];
  }
  const bytes = Buffer.byteLength(JSON.stringify(createBody(known, candidate, 0)));
  if (bytes <= MAX_BODY_BYTES) {
    return [];
  }
  const message = `makes a request of ${bytes} bytes, and RunPod allows ${MAX_BODY_BYTES}. Move large values into the image or a volume`;
  return [problem("env", undefined, message)];
}
