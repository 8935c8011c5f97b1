import type { Pod } from "../api";
import { isRunpodError } from "../core/errors";
import { TOKEN_ENV, type Values } from "../schema";
import type { Context } from "./context";
import { unsatisfied } from "./placement";

const LOOK_FOR_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

/**
 * The pod that an earlier attempt at this very resource created, if there is one: it carries the
 * resource's token, a GET shows it alive, no operation of this process has named it, and it runs
 * where the inputs want it.
 */
export async function findOwnPod(
  context: Context,
  inputs: Values,
  maxAgeMs?: number,
): Promise<Pod | undefined> {
  const token = inputs["__token"];
  if (typeof token !== "string") return undefined;
  const candidates = (await context.pods.list(maxAgeMs)).filter(
    (pod) => pod.env?.[TOKEN_ENV] === token && isAlive(pod) && !context.named.has(pod.id),
  );
  for (const { id } of candidates) {
    const pod = await getIfThere(context, id);
    if (pod && isAlive(pod) && isWherePlaced(pod, inputs)) return pod;
  }
  return undefined;
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

function isWherePlaced(pod: Pod, inputs: Values): boolean {
  const place = {
    processor: pod.gpu?.id ?? pod.cpu?.id,
    dataCenterId: pod.dataCenterId,
    cudaVersion: pod.cudaVersion ?? undefined,
  };
  return unsatisfied(inputs, place).length === 0;
}

async function getIfThere(context: Context, id: string): Promise<Pod | undefined> {
  try {
    return await context.api.pods.get(id);
  } catch (error) {
    if (isRunpodError(error, "notFound")) return undefined;
    throw error;
  }
}
