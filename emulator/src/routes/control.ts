import type { Cloud } from "@runpod-stack/provider/wire";
import { type Context, Hono } from "hono";
import { setBalance } from "../balance";
import { findGpuType } from "../catalog";
import type { FaultRequest } from "../faults";
import { ledgerView } from "../ledger";
import { breakMachine, stopPod } from "../pods/lifecycle";
import { ApiError, notFound } from "../problem";
import { bodyOf, type Env, type Services } from "../services";
import { resetWorld } from "../world";

/** `/_emulator`: what a test needs and RunPod has not. No key is asked. */
export function controlRoutes(services: Services): Hono<Env> {
  const { world, requests, faults, limiter } = services;
  const app = new Hono<Env>();

  app.get("/ledger", (c) => c.json(ledgerView(world.store.ledger, world.clock.now())));

  app.get("/requests", (c) => c.json({ requests: requests.all() }));
  app.delete("/requests", (c) => {
    requests.clear();
    return c.body(null, 204);
  });

  app.post("/faults", (c) => {
    try {
      faults.add(objectOf(c) as unknown as FaultRequest);
    } catch (error) {
      throw new ApiError(400, error instanceof Error ? error.message : String(error));
    }
    return c.body(null, 204);
  });
  app.delete("/faults", (c) => {
    faults.clear();
    return c.body(null, 204);
  });

  app.post("/clock", (c) => {
    world.clock.advance(amount(c, "advance", 'expected {"advance": seconds}'));
    return c.json({ now: new Date(world.clock.now()).toISOString() });
  });

  app.post("/capacity", (c) => {
    const usage = 'expected {"gpuTypeId", "available", "dataCenterId"?, "cloud"?}';
    const { gpuTypeId, dataCenterId, cloud } = objectOf(c);
    const type = findGpuType(String(gpuTypeId));
    if (!type) {
      throw new ApiError(400, `GPU type "${gpuTypeId}" not found; ${usage}`);
    }
    const clouds: Cloud[] =
      cloud === undefined ? ["SECURE", "COMMUNITY"] : [cloud === "COMMUNITY" ? cloud : "SECURE"];
    const place = typeof dataCenterId === "string" ? dataCenterId : null;
    world.capacity.setAvailable(type.id, clouds, place, amount(c, "available", usage));
    return c.body(null, 204);
  });

  app.post("/accounts/:number", (c) => {
    const account = world.store.accounts.find(
      ({ number }) => String(number) === c.req.param("number"),
    );
    if (!account) {
      throw notFound("account", c.req.param("number"));
    }
    const dollars = amount(c, "balance", 'expected {"balance": dollars}');
    setBalance(account, dollars, world.clock.now());
    return c.body(null, 204);
  });

  app.post("/pods/:id", (c) => {
    const id = c.req.param("id");
    const account = world.store.accounts.find(({ pods }) => pods.find(id));
    const pod = account?.pods.find(id);
    if (!account || !pod) {
      throw notFound("pod", id);
    }
    const { event } = objectOf(c);
    if (event === "stop") {
      stopPod(world, account, pod);
    } else if (event === "break-machine") {
      breakMachine(world, account, pod);
    } else {
      throw new ApiError(400, 'expected {"event": "stop" | "break-machine"}');
    }
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

function objectOf(c: Context<Env>): Record<string, unknown> {
  const body = bodyOf(c);
  if (typeof body !== "object" || body === null) {
    throw new ApiError(400, "expected a JSON object");
  }
  return body as Record<string, unknown>;
}

function amount(c: Context<Env>, field: string, usage: string): number {
  const value = objectOf(c)[field];
  if (typeof value !== "number" || !(value >= 0)) {
    throw new ApiError(400, `${field} must be a number, not negative; ${usage}`);
  }
  return value;
}
