import type { UpdateTemplateRequest } from "@runpod-stack/openapi";
import { Hono } from "hono";
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
import { pageOf } from "./pages";

/** `/v2/templates`. */
export function templateRoutes({ world, pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const { items, pagination } = pageOf(c, c.get("account").templates.list(), pageSize);
    return c.json({ templates: items.map(templateView), ...pagination });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreateTemplateRequest", body);
    const fields = body as NewTemplate;
    const template = created(c, account.templates, createTemplate(world, account, fields));
    return c.json(templateView(template), 201);
  });

  app.get("/:id", (c) =>
    c.json(templateView(readTemplate(world, c.get("account"), c.req.param("id")))),
  );

  app.patch("/:id", (c) => {
    const account = c.get("account");
    const template = ownTemplate(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "UpdateTemplateRequest", body);
    return c.json(templateView(updateTemplate(account, template, body as UpdateTemplateRequest)));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const template = ownTemplate(account, c.req.param("id"));
    deleteTemplate(world, account, template);
    deleted(c, account.templates, template);
    return c.body(null, 204);
  });

  return app;
}
