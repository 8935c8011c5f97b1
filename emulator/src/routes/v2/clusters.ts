import type { CreateClusterRequest, UpdateClusterRequest } from "@runpod-stack/openapi";
import { type Context, Hono } from "hono";
import { createCluster } from "../../clusters/create";
import { deleteCluster, ownCluster } from "../../clusters/life";
import { clusterView, membersOf } from "../../clusters/view";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import { checkName } from "../../objects/checks";
import { podView } from "../../pods/view";
import type { Cluster } from "../../state/account-objects";

/** `/v2/clusters`. */
export function clusterRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const account = c.get("account");
    const clusters = account.clusters.list();
    return c.json({ clusters: clusters.map((cluster) => clusterView(world, account, cluster)) });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreateClusterRequest", body);
    const cluster = createCluster(world, account, body as CreateClusterRequest);
    return c.json(clusterView(world, account, created(c, account.clusters, cluster), true), 201);
  });

  app.get("/:id", (c) => c.json(clusterView(world, c.get("account"), readCluster(c))));

  app.patch("/:id", (c) => {
    const account = c.get("account");
    const cluster = ownCluster(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "UpdateClusterRequest", body);
    const { name = cluster.name } = body as UpdateClusterRequest;
    checkName(name);
    cluster.name = name;
    cluster.entry.name = name;
    return c.json(clusterView(world, account, cluster));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const cluster = ownCluster(account, c.req.param("id"));
    deleteCluster(world, account, cluster);
    deleted(c, account.clusters, cluster);
    return c.body(null, 204);
  });

  app.get("/:id/pods", (c) => {
    const account = c.get("account");
    const members = membersOf(account, readCluster(c));
    return c.json({ pods: members.map((pod) => podView(world, account, pod)) });
  });

  return app;
}

function readCluster(c: Context<Env>): Cluster {
  const id = c.req.param("id") ?? "";
  const cluster = c.get("account").clusters.read(id);
  if (!cluster) {
    throw notFound("cluster", id);
  }
  return cluster;
}
