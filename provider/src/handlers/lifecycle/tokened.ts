import { type Safe, safe } from "@runpod-stack/kit";
import type { Collection } from "../../api";
import { isRunpodError } from "../../core/errors";
import { isUniqueToken } from "../../core/mark";
import { TOKEN_ENV } from "../../schema";
import type { Context } from "./context";
import { deleteForSure } from "./gone";
import type { TokenedObjectKind } from "./objects";
import type { Candidate } from "./proof";
import type { Snapshot } from "./snapshot";

/** An object that carries its creation token in its environment. */
export interface Tokened {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A kind of such objects. */
export interface TokenedKind<T extends Tokened> {
  readonly kind: TokenedObjectKind;
  /** The kind's name in messages. */
  readonly noun: string;
  objects(context: Context): {
    readonly snapshot: Snapshot<T>;
    readonly api: Pick<Collection<T, never, never>, "get">;
  };
  /** Whether an object still exists for its account. */
  isAlive(object: T): boolean;
  /** Its price, as messages show it next to its name. */
  price(object: T): string;
  /** What it costs while it exists, to follow "is". */
  bill(object: T): string;
  /** Asks RunPod to delete an object, as it was last seen. */
  remove(context: Context, object: T): Promise<void>;
}

/** An object's creation token; an empty string for an object without one. */
export function tokenOf({ env }: Pick<Tokened, "env">): string {
  return env?.[TOKEN_ENV] ?? "";
}

/** How messages name an object that is in no state. */
export function described<T extends Tokened>(kind: TokenedKind<T>, object: T): Safe {
  return safe`${kind.noun} '${object.name}' (${object.id}), ${kind.price(object)}`;
}

/**
 * An object as the journal judges it. If RunPod does not report the environment, only the automatic
 * name proves anything.
 */
export function candidate<T extends Tokened>(object: T): Candidate & { readonly object: T } {
  const { id, name, env } = object;
  return { id, name, token: env ? tokenOf(object) : undefined, object };
}

/**
 * Whether an object is a second one with a resource's token. A clone by someone else also carries
 * the token, but is younger than the original.
 */
export function isDuplicate(object: Tokened, token: unknown, createdAt: string): boolean {
  return (
    isUniqueToken(token) &&
    tokenOf(object) === token &&
    Date.parse(object.createdAt) <= Date.parse(createdAt)
  );
}

/** The objects that still exist, from a list of this age at most. */
export async function liveObjects<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  maxAgeMs?: number,
): Promise<T[]> {
  return (await kind.objects(context).snapshot.list(maxAgeMs)).filter(kind.isAlive);
}

/** The object with an id; undefined if it does not exist. */
export async function getIfThere<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  id: string,
): Promise<T | undefined> {
  try {
    return await kind.objects(context).api.get(id);
  } catch (error) {
    if (isRunpodError(error, "notFound")) {
      return undefined;
    }
    throw error;
  }
}

/** Terminates an object that is in no state. */
export async function endStray<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  object: T,
  reason: string,
): Promise<void> {
  const { id, name } = object;
  const { snapshot, api } = kind.objects(context);
  context.say(safe`${described(kind, object)}, ${reason}: terminating it`);
  context.deleting.add(id);
  await deleteForSure(
    context,
    `${kind.noun} '${name}' (${id})`,
    {},
    {
      remove: () => kind.remove(context, object),
      get: () => api.get(id),
      isGone: (found) => !kind.isAlive(found),
      bill: (found) => kind.bill(found ?? object),
    },
  );
  snapshot.remove(id);
}
