import { safe } from "@runpod-stack/kit";
import { markOf } from "../../core/mark";
import type { Hidden } from "../../schema";
import type { Context } from "./context";
import { changedFields, type InputChange } from "./diff";
import type { Entries } from "./journal";
import { proves } from "./proof";
import {
  candidate,
  described,
  endStray,
  getIfThere,
  isDuplicate,
  liveObjects,
  type Tokened,
  type TokenedKind,
  tokenOf,
} from "./tokened";

/** The hidden key of the ids that a refresh found, until they are terminated. */
export const DUPLICATES = "__duplicates";

/** What it has of a stored object. */
export function duplicatesOf(stored: Hidden): readonly string[] {
  return stored[DUPLICATES] ?? [];
}

/** The changed fields of an object that may have duplicates, whose end is a change as well. */
export function changedWithDuplicates(
  stored: Hidden,
  changes: readonly InputChange[],
): { changed: string[]; replaces: string[] } {
  const { changed, replaces } = changedFields(changes);
  return {
    changed: duplicatesOf(stored).length > 0 ? [...changed, DUPLICATES] : changed,
    replaces,
  };
}

/**
 * The ids of proven duplicates of an object in the state. They are only reported here: Pulumi also
 * reads for previews, and a preview must not terminate anything.
 */
export async function findDuplicates<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  known: T,
  token: unknown,
): Promise<string[]> {
  const live = await liveObjects(context, kind);
  const suspects = live.filter((object) => isSuspect(object, known, token));
  if (suspects.length === 0) {
    return [];
  }
  const entries = await context.journal.atStart(kind.kind, known.id);
  const duplicates = proven(kind, entries, suspects, known, token);
  for (const object of duplicates) {
    context.say(
      safe`${described(kind, object)}, is a duplicate of ${known.id}, left by an interrupted run: the next \`pulumi up\` or \`pulumi destroy\` terminates it`,
    );
  }
  return duplicates.map(({ id }) => id);
}

/** Terminates the duplicates that a refresh found, if they are still proven. */
export async function endDuplicates<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  id: string,
  token: unknown,
  duplicates: readonly string[],
): Promise<void> {
  if (duplicates.length === 0) {
    return;
  }
  const [known, ...found] = await Promise.all(
    [id, ...duplicates].map((one) => getIfThere(context, kind, one)),
  );
  if (known === undefined) {
    return;
  }
  const suspects = found
    .filter((object) => object !== undefined)
    .filter((object) => kind.isAlive(object) && isSuspect(object, known, token));
  if (suspects.length === 0) {
    return;
  }
  const entries = await context.journal.at(kind.kind, id);
  for (const object of proven(kind, entries, suspects, known, token)) {
    const reason = `is a duplicate of ${id}, left by an interrupted run`;
    await endStray(context, kind, object, reason);
  }
}

/** Whether an object is worth reading the state for: another one with this stack's mark. */
function isSuspect(object: Tokened, known: Tokened, token: unknown): boolean {
  const mark = markOf(token);
  return object.id !== known.id && mark !== undefined && markOf(tokenOf(object)) === mark;
}

/** Objects that an interrupted run left in addition to one in the state. */
function proven<T extends Tokened>(
  { kind }: TokenedKind<T>,
  entries: Entries | undefined,
  suspects: readonly T[],
  known: T,
  token: unknown,
): T[] {
  if (entries === undefined) {
    return [];
  }
  return suspects
    .filter(({ id }) => !entries.isInState(kind, id))
    .filter(
      (object) =>
        isDuplicate(object, token, known.createdAt) || proves(entries.own, candidate(object)),
    );
}
