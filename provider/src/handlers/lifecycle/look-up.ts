import { safe } from "@runpod-stack/kit";
import { formatDuration } from "../../core/duration";
import { isRunpodError, UserError } from "../../core/errors";
import type { Hidden } from "../../schema";
import { unlessGone } from "./account";
import type { Context } from "./context";
import { storedLive } from "./record";
import { LIST_LAG_MS, REFRESH_AGE_MS, type Snapshot } from "./snapshot";

const AGAIN_MS = 5_000;

/**
 * Confirms with a GET what a list does not show; undefined once the object is certainly gone. A
 * miss within a minute of its creation counts as list lag, and is retried.
 */
export async function confirm<T>(
  context: Context,
  what: string,
  outputs: Hidden,
  get: () => Promise<T>,
): Promise<T | undefined> {
  for (let isReported = false; ; isReported = true) {
    const found = await unlessGone(context, what, outputs, get);
    if (found !== undefined) {
      return found;
    }
    const age = context.clock.now() - (storedLive(outputs)?.createdAt ?? 0);
    // A clock that was set back must not make an old object look new forever.
    if (age < 0 || age >= LIST_LAG_MS) {
      return undefined;
    }
    if (!isReported) {
      context.say(
        safe`${what} was not found. It was created ${formatDuration(age)} ago and may not be listed yet; retrying until it is ${formatDuration(LIST_LAG_MS)} old`,
      );
    }
    await context.clock.sleep(AGAIN_MS);
  }
}

/** An object as a refresh may see it: in a list of that age, or else confirmed; undefined once it is gone. */
export async function refreshed<T extends { readonly id: string }>(
  context: Context,
  what: string,
  outputs: Hidden,
  id: string,
  snapshot: Snapshot<T>,
  api: Reader<T>,
): Promise<T | undefined> {
  const listed = (await snapshot.list(REFRESH_AGE_MS)).find((object) => object.id === id);
  return listed ?? confirm(context, what, outputs, () => api.get(id));
}

interface Reader<T> {
  get(id: string): Promise<T>;
}

/**
 * An object as a wait may see it: "missing" if RunPod shows none, undefined if RunPod gives no
 * answer now. @throws if it will give none later either
 */
export async function lookUp<T extends { readonly id: string }>(
  snapshot: Snapshot<T>,
  api: Reader<T>,
  id: string,
  maxAgeMs: number,
): Promise<T | "missing" | undefined> {
  try {
    const listed = (await snapshot.list(maxAgeMs)).find((object) => object.id === id);
    return listed ?? (await api.get(id));
  } catch (error) {
    if (isRunpodError(error, "notFound")) {
      return "missing";
    }
    if (!isRunpodError(error) || ["unauthorized", "forbidden"].includes(error.kind)) {
      throw error;
    }
    return undefined;
  }
}

/** @throws UserError if an object that is to be updated does not exist */
export async function getToUpdate<T>(what: string, get: () => Promise<T>): Promise<T> {
  try {
    return await get();
  } catch (error) {
    if (!isRunpodError(error, "notFound")) {
      throw error;
    }
    throw new UserError(
      safe`${what} does not exist, so it cannot be updated. Run \`pulumi refresh\` to confirm, then \`pulumi up\` to recreate it.`,
    );
  }
}
