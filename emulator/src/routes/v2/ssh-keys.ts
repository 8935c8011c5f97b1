import { Hono } from "hono";
import { bodyOf, type Env } from "../../http/services";
import { checkBody } from "../../http/validation";

/** `/v2/account/ssh-keys`. */
export function sshKeyRoutes(): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => c.json({ keys: c.get("account").sshKeys }));

  app.put("/", (c) => {
    const body = bodyOf(c);
    checkBody("v2", "UpdateSshKeysRequest", body);
    const account = c.get("account");
    account.sshKeys = (body as { keys: string[] }).keys;
    return c.json({ keys: account.sshKeys });
  });

  return app;
}
