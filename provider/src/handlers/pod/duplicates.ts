import { safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { markOf } from "../../core/mark";
import type { Context } from "../lifecycle/context";
import type { Entries } from "../lifecycle/journal";
import {
  candidate,
  described,
  endPod,
  getIfThere,
  isAlive,
  isDuplicate,
  livePods,
  tokenOf,
} from "../lifecycle/pods";
import { proves } from "../lifecycle/proof";

/**
 * The ids of proven duplicates of a pod in the state. They are only reported here: Pulumi also
 * reads for previews, and a preview must not terminate anything.
 */
export async function findDuplicates(
  context: Context,
  known: Pod,
  token: unknown,
): Promise<string[]> {
  const suspects = (await livePods(context)).filter((pod) => isSuspect(pod, known, token));
  if (suspects.length === 0) {
    return [];
  }
  const duplicates = proven(await context.journal.atStart("Pod", known.id), suspects, known, token);
  for (const pod of duplicates) {
    context.say(
      safe`${described(pod)}, is a duplicate of ${known.id}, left by an interrupted run: the next \`pulumi up\` or \`pulumi destroy\` terminates it`,
    );
  }
  return duplicates.map(({ id }) => id);
}

/** Terminates the duplicates that a refresh found, if they are still proven. */
export async function endDuplicates(
  context: Context,
  id: string,
  token: unknown,
  duplicates: readonly string[],
): Promise<void> {
  if (duplicates.length === 0) {
    return;
  }
  const [known, ...found] = await Promise.all(
    [id, ...duplicates].map((one) => getIfThere(context, one)),
  );
  if (known === undefined) {
    return;
  }
  const suspects = found
    .filter((pod) => pod !== undefined)
    .filter((pod) => isAlive(pod) && isSuspect(pod, known, token));
  if (suspects.length === 0) {
    return;
  }
  for (const pod of proven(await context.journal.at("Pod", id), suspects, known, token)) {
    await endPod(context, pod, `is a duplicate of ${id}, left by an interrupted run`);
  }
}

/** Whether a pod is worth reading the state for: another pod with this stack's mark. */
function isSuspect(pod: Pod, known: Pod, token: unknown): boolean {
  const mark = markOf(token);
  return pod.id !== known.id && mark !== undefined && markOf(tokenOf(pod)) === mark;
}

/** Pods that an interrupted run left in addition to a pod in the state. */
function proven(
  entries: Entries | undefined,
  suspects: readonly Pod[],
  known: Pod,
  token: unknown,
): Pod[] {
  if (entries === undefined) {
    return [];
  }
  return suspects
    .filter(({ id }) => !entries.isInState("Pod", id))
    .filter(
      (pod) => isDuplicate(pod, token, known.createdAt) || proves(entries.own, candidate(pod)),
    );
}
