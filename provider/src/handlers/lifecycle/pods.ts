import { safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { isRunpodError } from "../../core/errors";
import { isUniqueToken } from "../../core/mark";
import { TOKEN_ENV } from "../../schema";
import { podBill, priceText } from "./bill";
import type { Context } from "./context";
import { deleteForSure } from "./gone";
import type { Candidate } from "./proof";

/** Whether a pod still exists for its account. */
export function isAlive(pod: Pod): boolean {
  return pod.status !== "TERMINATED";
}

/** A pod's creation token; an empty string for a pod without one. */
export function tokenOf(pod: Pod): string {
  return pod.env?.[TOKEN_ENV] ?? "";
}

/** How messages name a pod that is in no state. */
export function described(pod: Pod): string {
  return `pod '${pod.name}' (${pod.id}), ${priceText(pod.cost)}`;
}

/**
 * A pod as the journal judges it. If RunPod does not report the environment, only the automatic
 * name proves anything.
 */
export function candidate(pod: Pod): Candidate & { readonly pod: Pod } {
  return { id: pod.id, name: pod.name, token: pod.env ? tokenOf(pod) : undefined, pod };
}

/**
 * Whether a pod is a second one with a resource's token. A clone by someone else also carries the
 * token, but is younger than the original.
 */
export function isDuplicate(pod: Pod, token: unknown, createdAt: string): boolean {
  return (
    isUniqueToken(token) &&
    tokenOf(pod) === token &&
    Date.parse(pod.createdAt) <= Date.parse(createdAt)
  );
}

/** The pods that still exist, from a list of this age at most. */
export async function livePods(context: Context, maxAgeMs?: number): Promise<Pod[]> {
  return (await context.pods.list(maxAgeMs)).filter(isAlive);
}

/** The pod with an id; undefined if it does not exist. */
export async function getIfThere(context: Context, id: string): Promise<Pod | undefined> {
  try {
    return await context.api.pods.get(id);
  } catch (error) {
    if (isRunpodError(error, "notFound")) {
      return undefined;
    }
    throw error;
  }
}

/** Terminates a pod that is in no state. */
export async function endPod(context: Context, pod: Pod, reason: string): Promise<void> {
  context.say(safe`${described(pod)}, ${reason}: terminating it`);
  context.deleting.add(pod.id);
  await deleteForSure(
    context,
    `pod '${pod.name}' (${pod.id})`,
    {},
    {
      remove: async () => {
        if (pod.locked) {
          await unlock(context, pod.id);
        }
        await context.api.pods.delete(pod.id);
      },
      get: () => context.api.pods.get(pod.id),
      isGone: (found) => !isAlive(found),
      bill: (found) => podBill(found ?? pod),
    },
  );
  context.pods.remove(pod.id);
}

/** Removes the protection against being stopped or reset. */
export function unlock(context: Context, id: string): Promise<Pod> {
  return context.api.pods.update(id, { locked: false });
}
