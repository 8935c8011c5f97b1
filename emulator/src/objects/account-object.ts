import type { Collection } from "../core/collection";
import { notFound } from "../core/problem";
import { closeEntry, openEntry } from "../money/ledger";
import type { AccountObjects } from "../state/account-objects";
import type { Account } from "../state/store";
import { newIdentity, type World } from "../state/world";
import type { ObjectRules } from "./rules";

/** The account's objects of one kind. */
export function objectsOf<K extends keyof AccountObjects>(
  account: Account,
  kind: K,
): Collection<AccountObjects[K]> {
  return account[kind] as unknown as Collection<AccountObjects[K]>;
}

/** @throws 404 if the account has none with this id */
export function ownObject<K extends keyof AccountObjects, Create, Update>(
  account: Account,
  { kind, noun }: ObjectRules<K, Create, Update>,
  id: string,
): AccountObjects[K] {
  const object = objectsOf(account, kind).find(id);
  if (!object) {
    throw notFound(noun, id);
  }
  return object;
}

export function createObject<K extends keyof AccountObjects, Create, Update>(
  world: World,
  account: Account,
  rules: ObjectRules<K, Create, Update>,
  request: Create,
): AccountObjects[K] {
  const now = world.clock.now();
  const fields = rules.create(account, request, now);
  const { id, seq } = newIdentity(world, rules.idLength);
  const identity = { id: `${rules.idPrefix ?? ""}${id}`, seq };
  const named = { id: identity.id, name: rules.label(fields) };
  const entry = openEntry(world.store.ledger, rules.kind, account, named, now);
  const object = { ...fields, ...identity, entry } as unknown as AccountObjects[K];
  objectsOf(account, rules.kind).add(object);
  return object;
}

/** @throws ApiError if something holds it */
export function deleteObject<K extends keyof AccountObjects, Create, Update>(
  world: World,
  account: Account,
  rules: ObjectRules<K, Create, Update>,
  object: AccountObjects[K],
): void {
  rules.release?.(account, object);
  objectsOf(account, rules.kind).remove(object.id);
  closeEntry(account, object.entry, world.clock.now());
}
