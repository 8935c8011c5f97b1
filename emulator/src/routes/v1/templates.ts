import { type Context, Hono } from "hono";
import { ApiError } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import {
  createTemplate,
  deleteTemplate,
  ownTemplate,
  readTemplate,
  updateTemplate,
} from "../../objects/templates";
import type { Account } from "../../state/store";
import { templateChanges, templateRequest, type V1TemplateFields } from "./requests";
import { templateView } from "./views";

/** `/v1/templates`, where names are unique. */
export function v1TemplateRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v1", "TemplateCreateInput", body);
    const fields = body as V1TemplateFields & { name: string; imageName: string };
    checkName(account, fields.name);
    const template = createTemplate(world, account, templateRequest(fields));
    return c.json(templateView(created(c, account.templates, template)));
  });

  app.get("/", (c) => c.json(c.get("account").templates.list().map(templateView)));

  app.get("/:id", (c) =>
    c.json(templateView(readTemplate(world, c.get("account"), c.req.param("id")))),
  );

  const update = (c: Context<Env>, id: string) => {
    const account = c.get("account");
    const template = ownTemplate(account, id);
    const body = bodyOf(c);
    checkBody("v1", "TemplateUpdateInput", body);
    const fields = body as V1TemplateFields;
    if (fields.name !== undefined && fields.name !== template.name) {
      checkName(account, fields.name);
    }
    return c.json(templateView(updateTemplate(account, template, templateChanges(fields))));
  };
  app.patch("/:id", (c) => update(c, c.req.param("id")));
  app.post("/:id/update", (c) => update(c, c.req.param("id")));

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const template = ownTemplate(account, c.req.param("id"));
    deleteTemplate(world, account, template);
    deleted(c, account.templates, template);
    return c.body(null, 204);
  });

  return app;
}

function checkName(account: Account, name: string): void {
  if ([...account.templates.peek()].some((template) => template.name === name)) {
    throw new ApiError(400, `template name must be unique: "${name}" is taken`);
  }
}
