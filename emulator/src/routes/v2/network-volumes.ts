import type { CreateNetworkVolumeRequest, UpdateNetworkVolumeRequest } from "@runpod-stack/openapi";
import { Hono } from "hono";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import {
  createNetworkVolume,
  deleteNetworkVolume,
  networkVolumeView,
  ownNetworkVolume,
  updateNetworkVolume,
} from "../../objects/network-volumes";
import { pageOf } from "./pages";

/** `/v2/network-volumes`. */
export function networkVolumeRoutes({ world, pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const { items, pagination } = pageOf(c, c.get("account").networkVolumes.list(), pageSize);
    return c.json({ networkVolumes: items.map(networkVolumeView), ...pagination });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreateNetworkVolumeRequest", body);
    const fields = body as CreateNetworkVolumeRequest;
    const volume = createNetworkVolume(world, account, fields);
    return c.json(networkVolumeView(created(c, account.networkVolumes, volume)), 201);
  });

  app.get("/:id", (c) => {
    const volume = c.get("account").networkVolumes.read(c.req.param("id"));
    if (!volume) {
      throw notFound("network volume", c.req.param("id"));
    }
    return c.json(networkVolumeView(volume));
  });

  app.patch("/:id", (c) => {
    const account = c.get("account");
    const volume = ownNetworkVolume(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "UpdateNetworkVolumeRequest", body);
    const fields = body as UpdateNetworkVolumeRequest;
    return c.json(networkVolumeView(updateNetworkVolume(world, account, volume, fields)));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const volume = ownNetworkVolume(account, c.req.param("id"));
    deleteNetworkVolume(world, account, volume);
    deleted(c, account.networkVolumes, volume);
    return c.body(null, 204);
  });

  return app;
}
