import { Hono } from "hono";
import type { FaultRequest } from "../faults";
import { ledgerView } from "../ledger";
import { ApiError } from "../problem";
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
      faults.add(bodyOf(c) as FaultRequest);
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
    const { advance } = bodyOf(c) as { advance?: unknown };
    if (typeof advance !== "number" || !(advance >= 0)) {
      throw new ApiError(400, 'expected {"advance": seconds}, not negative');
    }
    world.clock.advance(advance);
    return c.json({ now: new Date(world.clock.now()).toISOString() });
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
