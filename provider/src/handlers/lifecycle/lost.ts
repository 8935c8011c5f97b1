import { multiline, safe } from "@runpod-stack/kit";
import { UserError } from "../../core/errors";
import { isUniqueToken } from "../../core/mark";
import type { Context } from "./context";
import type { Creating, Entries } from "./journal";
import { pollUntilFound } from "./poll";
import { lostAmong, mayHaveCreated } from "./proof";
import {
  candidate,
  described,
  endStray,
  getIfThere,
  liveObjects,
  type Tokened,
  type TokenedKind,
  tokenOf,
} from "./tokened";
import { assertAsked, assertNoneUnaccounted } from "./unaccounted";

/**
 * The object that an interrupted create of this resource made, if it can be changed to match the
 * inputs. Other objects that such creates made are terminated. Only the journal can prove this, and
 * only for objects that are in no state.
 * @throws UserError if it is uncertain whether an object is one of them
 */
export async function findLost<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  present: Creating,
  canBecome: (object: T) => boolean,
): Promise<T | undefined> {
  const what = `${kind.noun} '${present.name}'`;
  const entries = await context.journal.atCreate(present);
  if (entries === undefined) {
    await assertNoneUnaccounted(context, what, present.token);
    return undefined;
  }
  if (entries.own.length + entries.others.length === 0) {
    return undefined;
  }
  const live = await liveObjects(context, kind);
  const strays = live.filter(({ id }) => !entries.isInState(kind.kind, id));
  reportOthers(context, kind, entries, strays);
  const { certain, doubtful } = lostAmong(entries.own, strays.map(candidate<T>));
  if (doubtful.length > 0) {
    throw inDoubt(kind, present, doubtful);
  }
  const isLost = (object: T) => certain.some(({ id }) => id === object.id);
  const lost = (await confirmed(context, kind, strays, isLost)).toSorted(oldestFirst);
  if (lost.length === 0) {
    assertAsked(context, what, entries.own);
  }
  const found = lost.find(canBecome);
  const others = lost.filter((object) => object !== found).map(candidate<T>);
  // An older release's token is not enough proof to terminate an object.
  if (others.some(({ object }) => !isUniqueToken(tokenOf(object)))) {
    throw inDoubt(kind, present, others);
  }
  const reason = found === undefined ? "cannot be changed to match the program" : "is a duplicate";
  for (const { object } of others) {
    await endStray(context, kind, object, `was created by an interrupted run and ${reason}`);
  }
  return found;
}

/** The object whose creation got no clear answer. */
export async function awaitOwn<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  token: unknown,
): Promise<T | undefined> {
  const isOwn = (object: T) => tokenOf(object) === token;
  return pollUntilFound(context.clock, async () => {
    const found = await confirmed(context, kind, await liveObjects(context, kind, 0), isOwn);
    return found.toSorted(oldestFirst).at(-1);
  });
}

/** The objects for which a GET confirms what the list shows. */
async function confirmed<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  objects: readonly T[],
  isWanted: (object: T) => boolean,
): Promise<T[]> {
  const found = await Promise.all(
    objects.filter(isWanted).map(({ id }) => getIfThere(context, kind, id)),
  );
  return found
    .filter((object) => object !== undefined)
    .filter((object) => kind.isAlive(object) && isWanted(object));
}

/**
 * Reports other resources' objects. A resource that was renamed after an interrupted create does
 * not find its object.
 */
function reportOthers<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  { others }: Entries,
  strays: readonly T[],
): void {
  for (const object of strays) {
    const entry = others.find(
      (one) => one.kind === kind.kind && mayHaveCreated([one], candidate(object)),
    );
    if (entry === undefined) {
      continue;
    }
    const name = entry.urn?.split("::").at(-1) ?? entry.logicalName;
    context.sayOnce(
      safe`${described(kind, object)}, was also created by an interrupted run, for '${name}'. If this run does not adopt it, run \`npx -p @runpod-stack/provider runpod-stack recover\` to see how to keep or delete it`,
    );
  }
}

function inDoubt<T extends Tokened>(
  kind: TokenedKind<T>,
  { name }: Creating,
  objects: readonly { readonly object: T }[],
): UserError {
  return new UserError(
    multiline(
      safe`Creating ${kind.noun} '${name}': an interrupted run of an older release may have created it already, but nothing proves it. Nothing was created. Check:`,
      ...objects.map(({ object }) => safe`  ${described(kind, object)}`),
      safe`To delete one, run \`npx -p @runpod-stack/provider runpod-stack recover --delete <id> --yes\`. To keep it outside this stack, run \`pulumi refresh --clear-pending-creates\`. Then run \`pulumi up\` again.`,
    ),
  );
}

function oldestFirst(one: Tokened, other: Tokened): number {
  return Date.parse(one.createdAt) - Date.parse(other.createdAt);
}
