import type { CreateEndpointRequest, UpdateEndpointRequest } from "@runpod-stack/openapi";
import { type Context, Hono } from "hono";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import { createEndpoint, ownEndpoint } from "../../serverless/create";
import { deleteEndpoint, settleEndpoint } from "../../serverless/life";
import { releaseView, rolloutView } from "../../serverless/releases";
import { updateEndpoint } from "../../serverless/update";
import { endpointView } from "../../serverless/view";
import { workersView } from "../../serverless/worker-view";
import type { Endpoint } from "../../state/endpoint";
import { pageOf } from "./pages";

/** `/v2/serverless`, without the logs of workers. */
export function serverlessRoutes({ world, pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const { items, pagination } = pageOf(c, c.get("account").endpoints.list(), pageSize);
    return c.json({ endpoints: items.map((item) => view(c, item)), ...pagination });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreateEndpointRequest", body);
    const endpoint = createEndpoint(world, account, body as CreateEndpointRequest);
    settleEndpoint(world, endpoint);
    return c.json(view(c, created(c, account.endpoints, endpoint)), 201);
  });

  app.get("/:id", (c) => c.json(view(c, readEndpoint(c))));

  app.patch("/:id", (c) => {
    const account = c.get("account");
    const endpoint = ownEndpoint(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "UpdateEndpointRequest", body);
    updateEndpoint(world, account, endpoint, body as UpdateEndpointRequest);
    settleEndpoint(world, endpoint);
    return c.json(view(c, endpoint));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const endpoint = ownEndpoint(account, c.req.param("id"));
    deleteEndpoint(world, account, endpoint);
    deleted(c, account.endpoints, endpoint);
    return c.body(null, 204);
  });

  app.get("/:id/workers", (c) => c.json(workersView(readEndpoint(c), world.clock.now())));

  app.get("/:id/releases", (c) => {
    const endpoint = readEndpoint(c);
    const { items, pagination } = pageOf(c, endpoint.releases, pageSize);
    return c.json({
      endpointVersion: endpoint.version,
      rollout: rolloutView(endpoint),
      releases: items.map((release) => releaseView(endpoint, release)),
      ...pagination,
    });
  });

  return app;
}

function readEndpoint(c: Context<Env>): Endpoint {
  const id = c.req.param("id") ?? "";
  const endpoint = c.get("account").endpoints.read(id);
  if (!endpoint) {
    throw notFound("endpoint", id);
  }
  return endpoint;
}

function view(c: Context<Env>, endpoint: Endpoint) {
  return endpointView(endpoint, new URL(c.req.url).origin);
}
