import type { Template as TemplateView, UpdateTemplateRequest } from "@runpod-stack/openapi";
import { Hono } from "hono";
import { ApiError } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import {
  createTemplate,
  deleteTemplate,
  type NewTemplate,
  ownTemplate,
  readTemplate,
  templateView,
  updateTemplate,
} from "../../objects/templates";
import { boundTemplateView } from "../../serverless/view";
import type { Account, Template } from "../../state/store";
import { pageOf } from "./pages";

/** `/v2/templates`. */
export function templateRoutes({ world, pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const { items, pagination } = pageOf(c, listTemplates(c.get("account")), pageSize);
    return c.json({ templates: items.map(({ view }) => view), ...pagination });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreateTemplateRequest", body);
    const fields = body as NewTemplate;
    const template = created(c, account.templates, createTemplate(world, account, fields));
    return c.json(templateView(template), 201);
  });

  app.get("/:id", (c) => {
    const account = c.get("account");
    const id = c.req.param("id");
    const bound = account.endpoints.list().find(({ template }) => template.id === id);
    return c.json(
      bound ? boundTemplateView(bound) : templateView(readTemplate(world, account, id)),
    );
  });

  app.patch("/:id", (c) => {
    const account = c.get("account");
    const template = unboundTemplate(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "UpdateTemplateRequest", body);
    return c.json(templateView(updateTemplate(account, template, body as UpdateTemplateRequest)));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const template = unboundTemplate(account, c.req.param("id"));
    deleteTemplate(world, account, template);
    deleted(c, account.templates, template);
    return c.body(null, 204);
  });

  return app;
}

/** With the templates that the platform made for endpoints, in the order of creation. */
function listTemplates(account: Account): { seq: number; view: TemplateView }[] {
  const own = account.templates
    .list()
    .map((template) => ({ seq: template.seq, view: templateView(template) }));
  const bound = account.endpoints
    .list()
    .map((endpoint) => ({ seq: endpoint.template.seq, view: boundTemplateView(endpoint) }));
  return bound.length === 0 ? own : [...own, ...bound].sort((a, b) => a.seq - b.seq);
}

/** @throws 400 for a template that belongs to an endpoint */
function unboundTemplate(account: Account, id: string): Template {
  const holder = [...account.endpoints.peek()].find(({ template }) => template.id === id);
  if (holder) {
    throw new ApiError(
      400,
      `template "${id}" is bound to endpoint ${holder.id}: change or delete the endpoint instead`,
    );
  }
  return ownTemplate(account, id);
}
