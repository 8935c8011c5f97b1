import type { Pod } from "../api";
import { isRunpodError } from "../core/errors";
import { TOKEN_ENV, type Values } from "../schema";
import type { Context } from "./context";
import { deleteForSure } from "./gone";
import { canBecome } from "./pod-changes";
import { unlock } from "./pod-sync";

const LOOK_FOR_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

/**
 * The pod that an earlier attempt at this very resource created, if there is one: it carries the
 * resource's token, a GET shows it alive, no operation of this process has named it, and it can be
 * brought to the inputs. Whatever else carries the token is terminated.
 */
export async function findOwnPod(
  context: Context,
  inputs: Values,
  maxAgeMs?: number,
): Promise<Pod | undefined> {
  const own = await unclaimed(context, inputs, maxAgeMs);
  const found = own.find((pod) => canBecome(pod, inputs));
  for (const pod of own) if (pod !== found) await endTwin(context, pod, found?.id);
  return found;
}

/** Terminates what carries the token of a resource beside the pod that is its own. */
export async function endTwins(context: Context, id: string, inputs: Values): Promise<void> {
  for (const twin of await unclaimed(context, inputs)) await endTwin(context, twin, id);
}

/** Looks for the own pod after an answer was lost, for as long as lists are known to lag. */
export async function awaitOwnPod(context: Context, inputs: Values): Promise<Pod | undefined> {
  const deadline = context.clock.monotonic() + LOOK_FOR_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const pod = await findOwnPod(context, inputs, 0);
    if (pod !== undefined || context.clock.monotonic() >= deadline) return pod;
    await context.clock.sleep(pause);
  }
}

/** Whether a pod still exists for its owner. */
export function isAlive(pod: Pod): boolean {
  return pod.status !== "TERMINATED";
}

/** Live pods with the resource's token that no operation of this process has named. */
async function unclaimed(context: Context, inputs: Values, maxAgeMs?: number): Promise<Pod[]> {
  const token = inputs["__token"];
  if (typeof token !== "string") return [];
  const isUnclaimed = (pod: Pod) =>
    pod.env?.[TOKEN_ENV] === token && isAlive(pod) && !context.named.has(pod.id);
  const listed = (await context.pods.list(maxAgeMs)).filter(isUnclaimed);
  const found = await Promise.all(listed.map(({ id }) => getIfThere(context, id)));
  return found.filter((pod) => pod !== undefined).filter(isUnclaimed);
}

async function endTwin(context: Context, pod: Pod, keptId: string | undefined): Promise<void> {
  const what = `pod '${pod.name}' (${pod.id}), ${pod.cost} $/h,`;
  const reason =
    keptId === undefined ? "cannot become what the program wants" : `${keptId} is kept`;
  context.say(`${what} was created by an interrupted run, and ${reason}: terminating it`);
  context.named.add(pod.id);
  context.deleting.add(pod.id);
  await deleteForSure(
    context,
    what,
    {},
    {
      remove: async () => {
        if (pod.locked) await unlock(context, pod.id);
        await context.api.pods.delete(pod.id);
      },
      get: () => context.api.pods.get(pod.id),
      isGone: (found) => !isAlive(found),
    },
  );
  context.pods.remove(pod.id);
}

async function getIfThere(context: Context, id: string): Promise<Pod | undefined> {
  try {
    return await context.api.pods.get(id);
  } catch (error) {
    if (isRunpodError(error, "notFound")) return undefined;
    throw error;
  }
}
