import { Hono } from "hono";
import { ApiError, notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import type { Account, Registry } from "../../state/store";
import { newIdentity } from "../../state/world";
import { pageOf } from "./pages";

const ID_LENGTH = 25;

/** `/v2/registries`: credentials are validated and not kept. */
export function registryRoutes({ world, pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const { items, pagination } = pageOf(c, c.get("account").registries.list(), pageSize);
    return c.json({ registries: items.map(registryView), ...pagination });
  });

  app.post("/", (c) => {
    const { registries } = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreateRegistryRequest", body);
    const registry = { ...newIdentity(world, ID_LENGTH), name: (body as { name: string }).name };
    registries.add(registry);
    return c.json(registryView(created(c, registries, registry)), 201);
  });

  app.get("/:id", (c) => {
    const registry = c.get("account").registries.read(c.req.param("id"));
    if (!registry) {
      throw notFound("registry", c.req.param("id"));
    }
    return c.json(registryView(registry));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const registry = account.registries.find(c.req.param("id"));
    if (!registry) {
      throw notFound("registry", c.req.param("id"));
    }
    detach(account, registry.id);
    account.registries.remove(registry.id);
    deleted(c, account.registries, registry);
    return c.body(null, 204);
  });

  return app;
}

/** Credentials cannot be deleted while a pod uses them; templates lose them silently. */
function detach({ pods, templates }: Account, id: string): void {
  const holder = [...pods.all()].find(({ registry }) => registry === id);
  if (holder) {
    throw new ApiError(400, `registry is in use by pod ${holder.id} and cannot be deleted`);
  }
  for (const template of templates.all()) {
    template.registry = template.registry === id ? null : template.registry;
  }
}

function registryView({ id, name }: Registry): object {
  return { id, name };
}
