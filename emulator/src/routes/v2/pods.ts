import type { CreatePodRequest, PodAction, UpdatePodRequest } from "@runpod-stack/openapi";
import { Hono } from "hono";
import { notFound } from "../../core/problem";
import { bodyOf, created, deleted, type Env, type Services } from "../../http/services";
import { checkBody } from "../../http/validation";
import { createPod, ownPod } from "../../pods/create";
import {
  checkAction,
  checkUnlocked,
  restartContainer,
  startPod,
  stopPod,
  terminatePod,
} from "../../pods/lifecycle";
import { updatePod } from "../../pods/update";
import { podView } from "../../pods/view";
import { pageOf } from "./pages";
import { words } from "./queries";

/** `/v2/pods`, without the logs. */
export function podRoutes({ world, pageSize }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", (c) => {
    const account = c.get("account");
    const [included] = words(c, "includeClusterPods", ["true", "false"]) ?? [];
    const { items, pagination } = pageOf(c, account.pods.list(), pageSize);
    // Left out only after the page was cut, as RunPod does: a page may be short, or empty.
    const shown = items.filter(({ cluster }) => included === "true" || !cluster);
    return c.json({ pods: shown.map((pod) => podView(world, account, pod)), ...pagination });
  });

  app.post("/", (c) => {
    const account = c.get("account");
    const body = bodyOf(c);
    checkBody("v2", "CreatePodRequest", body);
    const pod = created(c, account.pods, createPod(world, account, body as CreatePodRequest));
    return c.json(podView(world, account, pod, "PROVISIONING"), 201);
  });

  app.get("/:id", (c) => {
    const account = c.get("account");
    const pod = account.pods.read(c.req.param("id"));
    if (!pod) {
      throw notFound("pod", c.req.param("id"));
    }
    return c.json(podView(world, account, pod));
  });

  app.patch("/:id", (c) => {
    const account = c.get("account");
    const pod = ownPod(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "UpdatePodRequest", body);
    const lives = pod.lives;
    updatePod(world, account, pod, body as UpdatePodRequest);
    return c.json(podView(world, account, pod, pod.lives > lives ? "STARTING" : undefined));
  });

  app.delete("/:id", (c) => {
    const account = c.get("account");
    const pod = ownPod(account, c.req.param("id"));
    checkUnlocked(pod, "terminate");
    terminatePod(world, account, pod);
    deleted(c, account.pods, pod);
    return c.body(null, 204);
  });

  app.post("/:id/action", (c) => {
    const account = c.get("account");
    const pod = ownPod(account, c.req.param("id"));
    const body = bodyOf(c);
    checkBody("v2", "PodActionRequest", body);
    const { action } = body as { action: PodAction };
    checkAction(world, account, pod, action);
    switch (action) {
      case "start":
        startPod(world, account, pod);
        return c.json(podView(world, account, pod, "PROVISIONING"));
      case "stop":
        stopPod(world, account, pod);
        return c.json(podView(world, account, pod));
      case "restart":
        restartContainer(world, account, pod);
        return c.json(podView(world, account, pod, "STARTING"));
      case "terminate":
        terminatePod(world, account, pod);
        deleted(c, account.pods, pod);
        return c.body(null, 204);
    }
  });

  return app;
}
