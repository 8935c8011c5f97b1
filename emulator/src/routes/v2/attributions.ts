import { type Context, Hono } from "hono";
import { notFound } from "../../core/problem";
import type { Env, Services } from "../../http/services";
import {
  attach,
  checkResource,
  detach,
  presentResources,
  resourceIn,
} from "../../objects/attributions";
import type { CostCenter, Tag } from "../../state/account-objects";
import { pageOf } from "./pages";

type OfOne = "/:id/resources/:type/:resourceId";

/** `/v2/tags/{id}/resources`: what a tag is on. RunPod lists it nowhere. */
export function tagResourceRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  attachRoutes(app, tagOf, () => {});
  return app;
}

/** `/v2/cost-centers/{id}/resources`. */
export function costCenterResourceRoutes({ pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/:id/resources", (c) => {
    const account = c.get("account");
    const costCenter = costCenterOf(c, c.req.param("id"));
    const resources = presentResources(account, costCenter).map((resource, seq) => ({
      ...resource,
      seq,
    }));
    const { items, pagination } = pageOf(c, resources, pageSize);
    return c.json({ resources: items.map(({ seq, ...resource }) => resource), ...pagination });
  });
  attachRoutes(app, costCenterOf, (c) => {
    // A resource has at most one cost center.
    for (const other of c.get("account").costCenters.all()) {
      detach(other, namedIn(c));
    }
  });
  return app;
}

function attachRoutes(
  app: Hono<Env>,
  find: (c: Context<Env>, id: string) => Tag | CostCenter,
  before: (c: Context<Env, OfOne>) => void,
): void {
  app.put("/:id/resources/:type/:resourceId", (c) => {
    const one = find(c, c.req.param("id"));
    const resource = namedIn(c);
    checkResource(c.get("account"), resource);
    before(c);
    attach(one, resource);
    return c.body(null, 204);
  });
  app.delete("/:id/resources/:type/:resourceId", (c) => {
    detach(find(c, c.req.param("id")), namedIn(c));
    return c.body(null, 204);
  });
}

function namedIn(c: Context<Env, OfOne>) {
  return resourceIn(c.req.param("type"), c.req.param("resourceId"));
}

function tagOf(c: Context<Env>, id: string): Tag {
  const tag = c.get("account").tags.find(id);
  if (!tag) {
    throw notFound("tag", id);
  }
  return tag;
}

function costCenterOf(c: Context<Env>, id: string): CostCenter {
  const costCenter = c.get("account").costCenters.find(id);
  if (!costCenter) {
    throw notFound("cost center", id);
  }
  return costCenter;
}
