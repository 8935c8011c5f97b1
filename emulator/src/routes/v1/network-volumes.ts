import { type Context, Hono } from "hono";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import {
  createNetworkVolume,
  deleteNetworkVolume,
  ownNetworkVolume,
  updateNetworkVolume,
} from "../../objects/network-volumes";
import { networkVolumeView } from "./views";

/** `/v1/networkvolumes`. */
export function v1NetworkVolumeRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v1", "NetworkVolumeCreateInput", body);
    const { name, size, dataCenterId } = body as {
      name: string;
      size: number;
      dataCenterId: string;
    };
    const volume = createNetworkVolume(world, account, { name, size, dataCenter: dataCenterId });
    return c.json(networkVolumeView(created(c, account.networkVolumes, volume)));
  });

  app.get("/", (c) => c.json(c.get("account").networkVolumes.list().map(networkVolumeView)));

  app.get("/:id", (c) => {
    const volume = c.get("account").networkVolumes.read(c.req.param("id"));
    if (!volume) {
      throw notFound("network volume", c.req.param("id"));
    }
    return c.json(networkVolumeView(volume));
  });

  const update = (c: Context<Env>, id: string) => {
    const account = c.get("account");
    const volume = ownNetworkVolume(account, id);
    const body = bodyOf(c);
    checkBody("v1", "NetworkVolumeUpdateInput", body);
    const changes = body as { name?: string; size?: number };
    return c.json(networkVolumeView(updateNetworkVolume(world, account, volume, changes)));
  };
  app.patch("/:id", (c) => update(c, c.req.param("id")));
  app.post("/:id/update", (c) => update(c, c.req.param("id")));

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const volume = ownNetworkVolume(account, c.req.param("id"));
    deleteNetworkVolume(world, account, volume);
    deleted(c, account.networkVolumes, volume);
    return c.body(null, 204);
  });

  return app;
}
