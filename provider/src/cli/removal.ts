import type { RunpodApi } from "../api";
import { isRunpodError } from "../core/errors";
import { awaitGone, deleteOnceFree } from "../handlers/lifecycle/gone";
import { LISTS, type ObjectKind } from "../handlers/lifecycle/objects";
import type { Session } from "./session";

/** An object that can be deleted. */
export interface Removable {
  readonly kind: ObjectKind;
  readonly id: string;
  /** Whether it is a pod that must be unlocked first. */
  readonly locked: boolean;
}

/**
 * Deletes an object, and returns once it is gone. Waits for a volume while pods that are being
 * deleted still use it.
 * @throws RunpodError, or an Error that names what still exists
 */
export async function removeForSure(
  { clock }: Session,
  api: RunpodApi,
  { kind, id, locked }: Removable,
): Promise<void> {
  const objects = api[LISTS[kind]];
  if (locked) {
    await api.pods.update(id, { locked: false });
  }
  try {
    await deleteOnceFree(clock, () => objects.delete(id));
  } catch (error) {
    if (isRunpodError(error, "notFound")) {
      return;
    }
    throw error;
  }
  const isGone = (found: object) => "status" in found && found.status === "TERMINATED";
  if (await awaitGone<object>(clock, { get: () => objects.get(id), isGone })) {
    return;
  }
  throw new Error("it was deleted a minute ago, but RunPod still shows it");
}
