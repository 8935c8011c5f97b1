import { Hono } from "hono";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import { createObject, deleteObject, objectsOf, ownObject } from "../../objects/account-object";
import type { ObjectRules } from "../../objects/rules";
import type { AccountObjects } from "../../state/account-objects";
import type { Account } from "../../state/store";
import { pageOf } from "./pages";

/** The routes of one kind of an account's smaller objects, at their own path. */
export function objectRoutes<K extends keyof AccountObjects, Create, Update>(
  { world, pageSize }: Services,
  rules: ObjectRules<K, Create, Update>,
): Hono<Env> {
  type T = AccountObjects[K];
  const { kind, noun, update, filters = {} } = rules;
  const app = new Hono<Env>();
  const listOf = (account: Account) => objectsOf(account, kind);
  const own = (account: Account, id: string) => ownObject(account, rules, id);

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
    const object = createObject(world, account, rules, body as Create);
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
    deleteObject(world, account, rules, object);
    deleted(c, listOf(account), object);
    return c.body(null, 204);
  });

  return app;
}
