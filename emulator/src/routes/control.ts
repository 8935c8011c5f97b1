import type { Cloud } from "@runpod-stack/openapi";
import { Hono } from "hono";
import { MAX_AHEAD_S } from "../core/clock";
import { ApiError, notFound } from "../core/problem";
import type { Env, Services } from "../http/services";
import { setBalance } from "../money/balance";
import { ledgerView } from "../money/ledger";
import { breakMachine, damageWeights, stopPod, takeGpusAway } from "../pods/lifecycle";
import { resetWorld } from "../state/world";
import { DATA_CENTERS, GPU_TYPES } from "../stock/catalog";
import {
  effect,
  fields,
  number,
  object,
  onlyJson,
  optional,
  pathPattern,
  text,
  wholeNumber,
  word,
} from "./control-fields";

/** The most GPUs, dollars or requests: more than anyone needs, and few enough to add up exactly. */
const PLENTY = 1_000_000_000;
const EVENTS = {
  stop: stopPod,
  "break-machine": breakMachine,
  "zero-gpus": takeGpusAway,
  "damage-weights": damageWeights,
};
const EVENT_NAMES = Object.keys(EVENTS) as (keyof typeof EVENTS)[];
const CLOUDS: readonly Cloud[] = ["SECURE", "COMMUNITY"];

/** `/_emulator`: what tests need and RunPod does not offer. It requires no key. */
export function controlRoutes(services: Services): Hono<Env> {
  const { world, requests, faults, limiter } = services;
  const app = new Hono<Env>();

  app.use("*", onlyJson());
  app.get("/ledger", (c) => c.json(ledgerView(world.store.ledger, world.clock.now())));

  app.get("/requests", (c) => c.json({ requests: requests.all() }));
  app.delete("/requests", (c) => {
    requests.clear();
    return c.body(null, 204);
  });

  app.post("/faults", (c) => {
    const fault = fields(c, {
      match: optional(object({ method: optional(text), path: optional(pathPattern) })),
      times: optional(wholeNumber(0, PLENTY)),
      after: optional(wholeNumber(0, PLENTY)),
      fault: effect,
    });
    faults.add({
      method: fault.match?.method?.toUpperCase() ?? null,
      path: fault.match?.path ?? null,
      after: fault.after ?? 0,
      times: fault.times ?? Number.POSITIVE_INFINITY,
      effect: fault.fault,
    });
    return c.body(null, 204);
  });
  app.delete("/faults", (c) => {
    faults.clear();
    return c.body(null, 204);
  });

  app.post("/clock", (c) => {
    const { advance } = fields(c, { advance: number(0, MAX_AHEAD_S) });
    if (!world.clock.advance(advance)) {
      throw new ApiError(
        400,
        `advance ${advance} would set the clock more than ten years ahead. Advance less, or set it back with POST /_emulator/reset.`,
      );
    }
    return c.json({ now: new Date(world.clock.now()).toISOString() });
  });

  app.post("/capacity", (c) => {
    const { gpuTypeId, available, dataCenterId, cloud } = fields(c, {
      gpuTypeId: word(GPU_TYPES.map(({ id }) => id)),
      available: wholeNumber(0, PLENTY),
      dataCenterId: optional(word(DATA_CENTERS.map(({ id }) => id))),
      cloud: optional(word(CLOUDS)),
    });
    const clouds = cloud === undefined ? CLOUDS : [cloud];
    world.capacity.setAvailable(gpuTypeId, clouds, dataCenterId ?? null, available);
    return c.body(null, 204);
  });

  app.post("/accounts/:number", (c) => {
    const account = world.store.accounts.find(
      ({ number }) => String(number) === c.req.param("number"),
    );
    if (!account) {
      throw notFound("account", c.req.param("number"));
    }
    const { balance } = fields(c, { balance: number(0, PLENTY) });
    setBalance(account, balance, world.clock.now());
    return c.body(null, 204);
  });

  app.post("/pods/:id", (c) => {
    const id = c.req.param("id");
    const account = world.store.accounts.find(({ pods }) => pods.find(id));
    const pod = account?.pods.find(id);
    if (!account || !pod) {
      throw notFound("pod", id);
    }
    const { event } = fields(c, { event: word(EVENT_NAMES) });
    EVENTS[event](world, account, pod);
    return c.body(null, 204);
  });

  app.post("/reset", (c) => {
    resetWorld(world);
    requests.clear();
    faults.clear();
    limiter?.forget();
    return c.body(null, 204);
  });

  return app;
}
