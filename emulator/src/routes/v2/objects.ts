import { Hono } from "hono";
import type { Collection } from "../../core/collection";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import { closeEntry, openEntry } from "../../money/ledger";
import type { ObjectRules } from "../../objects/rules";
import type { AccountObjects } from "../../state/account-objects";
import type { Account } from "../../state/store";
import { newIdentity } from "../../state/world";
import { pageOf } from "./pages";

/** The routes of one kind of an account's smaller objects, at their own path. */
export function objectRoutes<K extends keyof AccountObjects, Create, Update>(
  { world, pageSize }: Services,
  rules: ObjectRules<K, Create, Update>,
): Hono<Env> {
  type T = AccountObjects[K];
  const { kind, noun, update, idPrefix = "", filters = {} } = rules;
  const app = new Hono<Env>();
  const listOf = (account: Account) => account[kind] as unknown as Collection<T>;
  const own = (account: Account, id: string): T => {
    const object = listOf(account).find(id);
    if (!object) {
      throw notFound(noun, id);
    }
    return object;
  };

  app.get("/", (c) => {
    const passes = Object.entries(filters).flatMap(([parameter, passesOne]) => {
      const text = c.req.query(parameter);
      return text === undefined ? [] : [(object: T) => passesOne(object, text)];
    });
    const listed = listOf(c.get("account"))
      .list()
      .filter((object) => passes.every((isPassing) => isPassing(object)));
    const { items, pagination } = pageOf(c, listed, pageSize);
    return c.json({ [kind]: items.map(rules.view), ...pagination });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", rules.createSchema, body);
    const now = world.clock.now();
    const fields = rules.create(account, body as Create, now);
    const { id, seq } = newIdentity(world, rules.idLength);
    const identity = { id: `${idPrefix}${id}`, seq };
    const named = { id: identity.id, name: rules.label(fields) };
    const entry = openEntry(world.store.ledger, kind, account, named, now);
    const object = { ...fields, ...identity, entry } as unknown as T;
    listOf(account).add(object);
    return c.json(rules.view(created(c, listOf(account), object)), 201);
  });

  if (!rules.isListedOnly) {
    app.get("/:id", (c) => {
      const object = listOf(c.get("account")).read(c.req.param("id"));
      if (!object) {
        throw notFound(noun, c.req.param("id"));
      }
      return c.json(rules.view(object));
    });
  }

  if (update !== undefined) {
    app.patch("/:id", (c) => {
      const account = c.get("account");
      const object = own(account, c.req.param("id"));
      const body = bodyOf(c);
      checkBody("v2", update.schema, body);
      update.apply(account, object, body as Update, world.clock.now());
      object.entry.name = rules.label(object);
      return c.json(rules.view(object));
    });
  }

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const id = c.req.param("id");
    if (rules.isDeletedTwice && !listOf(account).find(id)) {
      return c.body(null, 204);
    }
    const object = own(account, id);
    rules.release?.(account, object);
    listOf(account).remove(id);
    closeEntry(account, object.entry, world.clock.now());
    deleted(c, listOf(account), object);
    return c.body(null, 204);
  });

  return app;
}
