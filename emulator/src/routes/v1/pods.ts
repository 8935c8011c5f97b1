import { type Context, Hono } from "hono";
import { ApiError, notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import { createFirst, ownPod } from "../../pods/create";
import {
  checkUnlocked,
  restartContainer,
  startPod,
  stopPod,
  terminatePod,
} from "../../pods/lifecycle";
import { updatePod } from "../../pods/update";
import type { Pod } from "../../state/pod";
import type { Account } from "../../state/store";
import type { World } from "../../state/world";
import { podChanges, podRequests, type V1PodCreate, type V1PodUpdate } from "./requests";
import { podView } from "./views";

/** Query parameters of the list, and the field of a pod that each must equal. */
const FILTERS: Record<string, (pod: Pod) => string | null | undefined> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  imageName: ({ image }) => image,
  desiredStatus: ({ life }) => (life ? "RUNNING" : "EXITED"),
  computeType: ({ compute }) => compute.kind.toUpperCase(),
  gpuTypeId: ({ compute }) => (compute.kind === "gpu" ? compute.id : null),
  cpuFlavorId: ({ compute }) => (compute.kind === "cpu" ? compute.id : null),
  dataCenterId: ({ machine }) => machine.dataCenterId,
  networkVolumeId: ({ mounts }) => mounts.network?.[0]?.volumeId,
  templateId: ({ templateId }) => templateId,
};

/** `/v1/pods`: RunPod's older API, whose names the guides use. */
export function v1PodRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v1", "PodCreateInput", body);
    const pod = createFirst(world, account, podRequests(body as V1PodCreate));
    pod.locked = (body as V1PodCreate).locked ?? false;
    return c.json(podView(world, account, created(c, account.pods, pod)), 201);
  });

  app.get("/", (c) => {
    const account = c.get("account");
    const filters = Object.entries(FILTERS).flatMap(([name, field]) => {
      const wanted = c.req.query(name);
      return wanted === undefined ? [] : [(pod: Pod) => field(pod) === wanted];
    });
    const pods = account.pods.list().filter((pod) => filters.every((filter) => filter(pod)));
    return c.json(pods.map((pod) => podView(world, account, pod)));
  });

  app.get("/:id", (c) => {
    const account = c.get("account");
    const pod = account.pods.read(c.req.param("id"));
    if (!pod) {
      throw notFound("pod", c.req.param("id"));
    }
    return c.json(podView(world, account, pod));
  });

  const update = (c: Context<Env>, id: string) => {
    const account = c.get("account");
    const pod = ownPod(account, id);
    const body = bodyOf(c);
    checkBody("v1", "PodUpdateInput", body);
    updatePod(world, account, pod, podChanges(body as V1PodUpdate, pod.mounts));
    return c.json(podView(world, account, pod));
  };
  app.patch("/:id", (c) => update(c, c.req.param("id")));
  app.post("/:id/update", (c) => update(c, c.req.param("id")));

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const pod = ownPod(account, c.req.param("id"));
    checkUnlocked(pod, "terminate");
    terminatePod(world, account, pod);
    deleted(c, account.pods, pod);
    return c.body(null, 204);
  });

  app.post("/:id/:action{start|stop|restart|reset}", (c) => {
    const account = c.get("account");
    const pod = ownPod(account, c.req.param("id"));
    act(world, account, pod, c.req.param("action"));
    return c.json(podView(world, account, pod));
  });

  return app;
}

/** v1 accepts every action at any time: one that is already done changes nothing. */
function act(world: World, account: Account, pod: Pod, action: string): void {
  if (action === "start") {
    if (!pod.life) {
      startPod(world, account, pod);
    }
    return;
  }
  checkUnlocked(pod, action);
  if (action === "stop") {
    stopPod(world, account, pod);
  } else if (pod.life) {
    restartContainer(world, account, pod);
  } else {
    throw new ApiError(400, `pod is not running: start it before you ${action} it`);
  }
}
