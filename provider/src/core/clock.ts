import { setTimeout as delay } from "node:timers/promises";

/** Source of time for all code that waits or measures. */
export interface Clock {
  /** Wall clock, in milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never go back, for deadlines and ages. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds. Keeps the process alive until then.
   * @throws an AbortError if the signal is aborted
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(Math.max(ms, 0), undefined, signal === undefined ? {} : { signal });
  },
};

/**
 * The machine's clock, sped up for tests of long waits. It counts from 1970, so that processes with
 * the same speed agree on the time, although not on the date.
 */
export function fastClock(speed: number): Clock {
  return {
    now: () => systemClock.now() * speed,
    monotonic: () => systemClock.monotonic() * speed,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}

/** Calls `act` once, after a delay. Returns a function that cancels it. */
export function later(clock: Clock, ms: number, act: () => void): () => void {
  const off = new AbortController();
  clock.sleep(ms, off.signal).then(act, () => {});
  return () => off.abort();
}
