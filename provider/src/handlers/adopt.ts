import type { Pod } from "../api";
import { isRunpodError } from "../core/errors";
import { TOKEN_ENV, type Values } from "../schema";
import type { Context } from "./context";
import { deleteForSure } from "./gone";
import { canBecome } from "./pod-conflicts";
import { unlock } from "./pod-sync";
import { isNamed, stillUnnamed } from "./unnamed";

const LOOK_FOR_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

/**
 * The pod that an earlier attempt at this very resource created, if there is one: it carries the
 * resource's token, a GET shows it alive, no operation of this process has named it, and it can be
 * brought to the inputs. Whatever else carries the token is terminated.
 */
export async function findOwnPod(context: Context, inputs: Values): Promise<Pod | undefined> {
  return onlyOne(context, inputs, await stillUnnamed(context, await bearersOf(context, inputs)));
}

/**
 * The ids of pods that carry the token of a resource beside its own. They are only told: Pulumi
 * reads for previews as well, and a preview must not end anything.
 */
export async function findTwins(context: Context, id: string, inputs: Values): Promise<string[]> {
  const twins = await bearersOf(context, inputs);
  for (const twin of twins) {
    context.say(
      `${described(twin)} was created by an interrupted run beside ${id}, which is kept: the next \`pulumi up\` or \`pulumi destroy\` terminates it`,
    );
  }
  return twins.map((twin) => twin.id);
}

/** Terminates the twins that a refresh found, unless they have become another resource's since. */
export async function endTwins(
  context: Context,
  id: string,
  twins: readonly string[],
): Promise<void> {
  const found = await Promise.all(twins.map((twin) => getIfThere(context, twin)));
  for (const twin of found) {
    if (twin !== undefined && isAlive(twin) && !isNamed(context, twin)) {
      await endTwin(context, twin, id);
    }
  }
}

/** Looks for the own pod after an answer was lost, for as long as lists are known to lag. */
export async function awaitOwnPod(context: Context, inputs: Values): Promise<Pod | undefined> {
  const deadline = context.clock.monotonic() + LOOK_FOR_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    // What was there before the create has been found before it: nobody is about to name this.
    const pod = await onlyOne(context, inputs, await bearersOf(context, inputs, 0));
    if (pod !== undefined || context.clock.monotonic() >= deadline) return pod;
    await context.clock.sleep(pause);
  }
}

/** Whether a pod still exists for its owner. */
export function isAlive(pod: Pod): boolean {
  return pod.status !== "TERMINATED";
}

/** Live pods with the resource's token that no operation of this process has named. */
async function bearersOf(context: Context, inputs: Values, maxAgeMs?: number): Promise<Pod[]> {
  const token = inputs["__token"];
  if (typeof token !== "string") return [];
  const isBearer = (pod: Pod) =>
    pod.env?.[TOKEN_ENV] === token && isAlive(pod) && !isNamed(context, pod);
  const listed = (await context.pods.list(maxAgeMs)).filter(isBearer);
  const found = await Promise.all(listed.map(({ id }) => getIfThere(context, id)));
  return found.filter((pod) => pod !== undefined).filter(isBearer);
}

/** Of a resource's own pods the one that can be brought to the inputs; the others are terminated. */
async function onlyOne(
  context: Context,
  inputs: Values,
  own: readonly Pod[],
): Promise<Pod | undefined> {
  const found = own.find((pod) => canBecome(pod, inputs));
  for (const pod of own) if (pod !== found) await endTwin(context, pod, found?.id);
  return found;
}

async function endTwin(context: Context, pod: Pod, keptId: string | undefined): Promise<void> {
  const what = described(pod);
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

function described(pod: Pod): string {
  return `pod '${pod.name}' (${pod.id}), ${pod.cost} $/h,`;
}

async function getIfThere(context: Context, id: string): Promise<Pod | undefined> {
  try {
    return await context.api.pods.get(id);
  } catch (error) {
    if (isRunpodError(error, "notFound")) return undefined;
    throw error;
  }
}
