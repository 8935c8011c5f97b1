import { formatDuration } from "../core/duration";
import { isRunpodError } from "../core/errors";
import type { Values } from "../schema";
import { assertSameAccount, unlessGone } from "./account";
import type { Context } from "./context";
import { storedLive } from "./live";
import { LIST_LAG_MS } from "./snapshot";

const AGAIN_MS = 5_000;
const CONFIRM_FOR_MS = 60_000;

/**
 * Confirms by a GET of its own what a list does not show; undefined once the object is gone for
 * certain. A miss within a minute of its creation is taken for lag and asked again.
 */
export async function confirm<T>(
  context: Context,
  what: string,
  outputs: Values,
  get: () => Promise<T>,
): Promise<T | undefined> {
  for (let isTold = false; ; isTold = true) {
    const found = await unlessGone(context, what, outputs, get);
    if (found !== undefined) return found;
    const age = context.clock.now() - (storedLive(outputs)?.createdAt ?? 0);
    // A clock set back must not make an old object look new for ever.
    if (age < 0 || age >= LIST_LAG_MS) return undefined;
    if (!isTold) {
      context.say(
        `${what} is not to be found. It was created ${formatDuration(age)} ago and may not show up yet: looking for it until it is ${formatDuration(LIST_LAG_MS)} old`,
      );
    }
    await context.clock.sleep(AGAIN_MS);
  }
}

/**
 * Deletes, and returns once the object is seen to be gone.
 * @param isGone whether an answer counts as gone, such as a pod that is TERMINATED
 */
export async function deleteForSure<T>(
  context: Context,
  what: string,
  outputs: Values,
  calls: { remove(): Promise<void>; get(): Promise<T>; isGone?(found: T): boolean },
): Promise<void> {
  try {
    await calls.remove();
  } catch (error) {
    if (!isRunpodError(error, "notFound")) throw error;
    assertSameAccount(context, what, outputs);
    return;
  }
  context.provenKeys.add(context.api.account.fingerprint);
  const deadline = context.clock.monotonic() + CONFIRM_FOR_MS;
  for (;;) {
    // RunPod has just deleted it for this key, so that whose it is is beyond doubt.
    const found = await unlessGone(context, what, {}, calls.get);
    if (found === undefined || calls.isGone?.(found)) return;
    if (context.clock.monotonic() >= deadline) {
      throw new Error(
        `${what} was deleted a minute ago and RunPod still shows it, so it may still be billed. Run \`pulumi destroy\` again, or remove it in RunPod's console.`,
      );
    }
    await context.clock.sleep(AGAIN_MS);
  }
}
