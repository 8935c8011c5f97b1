import type { RunpodApi } from "../api";
import { isRunpodError } from "../core/errors";
import type { Session } from "./session";

/** What can be deleted. */
export interface Removable {
  readonly kind: keyof typeof COLLECTIONS;
  readonly id: string;
  /** A pod that must be unlocked first. */
  readonly locked: boolean;
}

const COLLECTIONS = { Pod: "pods", Volume: "volumes", Template: "templates" } as const;

const WAIT_FOR_MS = 60_000;
const PAUSE_MS = 3_000;

/**
 * Deletes an object, and returns once it is seen to be gone. A volume is waited for while pods that
 * are being deleted still hold it.
 * @throws RunpodError, or an Error that says what still stands
 */
export async function removeForSure(
  { clock }: Session,
  api: RunpodApi,
  { kind, id, locked }: Removable,
): Promise<void> {
  const objects = api[COLLECTIONS[kind]];
  const deadline = clock.monotonic() + WAIT_FOR_MS;
  if (locked) await api.pods.update(id, { locked: false });
  for (let isAccepted = false; ; ) {
    try {
      if (!isAccepted) await objects.delete(id);
      isAccepted = true;
      const found = await objects.get(id);
      if ("status" in found && found.status === "TERMINATED") return;
    } catch (error) {
      if (isRunpodError(error, "notFound")) return;
      if (!isInUse(error) || clock.monotonic() >= deadline) throw error;
    }
    if (clock.monotonic() >= deadline) {
      throw new Error("it was deleted a minute ago, and RunPod still shows it");
    }
    await clock.sleep(PAUSE_MS);
  }
}

function isInUse(error: unknown): boolean {
  return isRunpodError(error, "conflict") || isRunpodError(error, "invalid");
}
