import { setTimeout as delay } from "node:timers/promises";
import type { World } from "../state/world";
import { advanceServerless } from "./life";

/** How often an open request checks what it waits for (real milliseconds). */
const LOOK_MS = 20;
/** In `instant`, what has not happened by then needs another request, or the clock to be moved. */
const INSTANT_MS = 100;

export interface Patience {
  /** Milliseconds of the emulated time. */
  ms: number;
  /** Ends the wait as well. */
  signal: AbortSignal;
}

/**
 * Holds a request until `ready` returns something but false, while time passes on the endpoints.
 * @returns undefined if it never did
 */
export async function hold<T>(
  world: World,
  { ms, signal }: Patience,
  ready: () => T | false | undefined | Promise<T | false | undefined>,
): Promise<T | undefined> {
  const { clock, options } = world;
  const until = clock.now() + ms;
  const realUntil = options.speed === "instant" ? options.time() + INSTANT_MS : Infinity;
  for (;;) {
    advanceServerless(world);
    const found = await ready();
    const isOver = clock.now() >= until || options.time() >= realUntil || signal.aborted;
    if ((found !== undefined && found !== false) || isOver) {
      return found || undefined;
    }
    await delay(LOOK_MS, undefined, { ref: false });
  }
}
