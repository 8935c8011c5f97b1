import { type Safe, safe } from "@runpod-stack/kit";
import type { Clock } from "../../core/clock";
import {
  isRunpodError,
  mayHaveCommitted,
  type RunpodError,
  reworded,
  sentence,
} from "../../core/errors";
import type { Hidden } from "../../schema";
import type { Context } from "./context";
import { confirm } from "./look-up";
import { storedLive } from "./record";

const AGAIN_MS = 5_000;
const CONFIRM_FOR_MS = 60_000;
const FREE_WITHIN_MS = 60_000;
const FREE_PAUSE_MS = 3_000;
const RUN_AGAIN =
  "Run the same command again; if that fails too, delete it in RunPod's console and run `pulumi refresh`.";

/** How an object of a kind is deleted. */
export interface Deletion<T> {
  remove(): Promise<void>;
  get(): Promise<T>;
  /** Whether an answer counts as gone, such as a pod that is TERMINATED. */
  isGone?(found: T): boolean;
  /** What it costs while it exists, to follow "is". From the state if RunPod does not show it. */
  bill?(found: T | undefined): string;
  /** What to do if RunPod rejects the deletion, if running the command again is not enough. */
  remedy?(failure: RunpodError): string | undefined;
}

/**
 * Deletes an object, and returns once it is gone. A 404 is checked with a GET; while that still
 * finds the object, it is deleted again.
 */
export async function deleteForSure<T>(
  context: Context,
  what: string,
  outputs: Hidden,
  deletion: Deletion<T>,
): Promise<void> {
  const deadline = context.clock.monotonic() + CONFIRM_FOR_MS;
  for (;;) {
    const failure = await refusalOf(deletion.remove);
    if (failure === undefined) {
      const { account } = storedLive(outputs) ?? {};
      if (account !== undefined) {
        context.provenKeys.add(account.fingerprint);
      }
      return seenGone(context, what, deletion);
    }
    const mayBeGone = failure.kind === "notFound" || mayHaveCommitted(failure);
    if (!mayBeGone) {
      throw notDeleted(what, failure, await lastView(deletion), deletion);
    }
    const found = await confirm(context, what, outputs, deletion.get).catch((error) => {
      if (!isRunpodError(error)) {
        throw error;
      }
      throw notDeleted(what, failure, undefined, deletion);
    });
    if (found === undefined || deletion.isGone?.(found)) {
      return;
    }
    if (failure.kind !== "notFound" || context.clock.monotonic() >= deadline) {
      throw notDeleted(what, failure, found, deletion);
    }
    await context.clock.sleep(AGAIN_MS);
  }
}

/** How an object is deleted that others may use. */
export interface HeldDeletion<T> extends Pick<Deletion<T>, "remove" | "get" | "bill"> {
  /** Who uses it and is not deleted by this run, as messages name them; empty for nobody. */
  holders(): Promise<string>;
  /** Shown while what this run deletes still uses it. */
  readonly waiting: Safe;
  /** What to do if others use it. */
  remedyFor(holders: string): string;
}

/** As `deleteForSure`, after waiting for what this run deletes, and for nothing else. */
export async function deleteHeld<T>(
  context: Context,
  what: string,
  outputs: Hidden,
  { remove, holders: findHolders, waiting, remedyFor, ...deletion }: HeldDeletion<T>,
): Promise<void> {
  let holders = "";
  const onHeld = async (isLast: boolean) => {
    holders = await findHolders();
    if (holders === "" && !isLast) {
      context.say(waiting);
    }
    return holders === "";
  };
  await deleteForSure(context, what, outputs, {
    ...deletion,
    remove: () => deleteOnceFree(context.clock, remove, onHeld),
    remedy: () => (holders === "" ? undefined : remedyFor(holders)),
  });
}

async function refusalOf(remove: () => Promise<void>): Promise<RunpodError | undefined> {
  try {
    await remove();
    return undefined;
  } catch (error) {
    if (isRunpodError(error)) {
      return error;
    }
    throw error;
  }
}

/** Waits until an object whose deletion RunPod accepted is gone. */
async function seenGone<T>(context: Context, what: string, deletion: Deletion<T>): Promise<void> {
  const isGone = await awaitGone(context.clock, deletion).catch((error) => {
    if (!isRunpodError(error)) {
      throw error;
    }
    const message = safe`RunPod accepted the deletion of ${what} but did not confirm that it is gone: ${sentence(error.message)} ${exists(undefined, deletion)} ${RUN_AGAIN}`;
    throw reworded(error, message);
  });
  if (isGone) {
    return;
  }
  throw new Error(
    `RunPod accepted the deletion of ${what} a minute ago but still shows it. ${exists(undefined, deletion)} ${RUN_AGAIN}`,
  );
}

/** Waits until a deleted object is gone; false if it still exists after a minute. */
export async function awaitGone<T>(
  clock: Clock,
  { get, isGone }: Pick<Deletion<T>, "get" | "isGone">,
): Promise<boolean> {
  const deadline = clock.monotonic() + CONFIRM_FOR_MS;
  for (;;) {
    try {
      const found = await get();
      if (isGone?.(found)) {
        return true;
      }
    } catch (error) {
      // RunPod has just accepted the deletion under this key: the account is the right one.
      if (isRunpodError(error, "notFound")) {
        return true;
      }
      throw error;
    }
    if (clock.monotonic() >= deadline) {
      return false;
    }
    await clock.sleep(AGAIN_MS);
  }
}

/**
 * Deletes an object that others may still use, such as a volume of pods that are being deleted.
 * @param onHeld called on each rejection; returns false if waiting is of no use
 */
export async function deleteOnceFree(
  clock: Clock,
  remove: () => Promise<void>,
  onHeld: (isLast: boolean) => Promise<boolean> = async () => true,
): Promise<void> {
  const deadline = clock.monotonic() + FREE_WITHIN_MS;
  for (;;) {
    try {
      return await remove();
    } catch (error) {
      const isHeld = isRunpodError(error, "invalid") || isRunpodError(error, "conflict");
      if (!isHeld) {
        throw error;
      }
      const isLast = clock.monotonic() >= deadline;
      if (!(await onHeld(isLast)) || isLast) {
        throw error;
      }
      await clock.sleep(FREE_PAUSE_MS);
    }
  }
}

/**
 * The object after a rejected deletion, if RunPod shows it. Its price may have changed since it was
 * stored.
 */
async function lastView<T>({ get }: Deletion<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch {
    return undefined;
  }
}

function notDeleted<T>(
  what: string,
  failure: RunpodError,
  found: T | undefined,
  deletion: Deletion<T>,
): RunpodError {
  const reason = failure.message.replace(`${failure.operation}: `, "");
  const remedy = deletion.remedy?.(failure) ?? RUN_AGAIN;
  const message = safe`Deleting ${what} failed: ${sentence(reason)} ${exists(found, deletion)} ${remedy}`;
  return reworded(failure, message);
}

function exists<T>(found: T | undefined, { bill }: Deletion<T>): string {
  if (found !== undefined) {
    return `It still exists and is ${bill?.(found) ?? "billed"}.`;
  }
  return `It may still exist; if so, it is ${bill?.(found) ?? "billed"}.`;
}
