import { setTimeout as delay } from "node:timers/promises";

/** Time, as everything that waits or measures gets it. */
export interface Clock {
  /** Wall clock, in milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never go back, for deadlines and ages. */
  monotonic(): number;
  /**
   * Keeps the process alive until it is over.
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
 * The machine's clock made to run faster, for tests of what takes minutes. It counts from 1970, so
 * that several processes at one speed agree on the time, though not with a calendar.
 */
export function fastClock(speed: number): Clock {
  return {
    now: () => systemClock.now() * speed,
    monotonic: () => systemClock.monotonic() * speed,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}

/** Acts once after a time. Returns what calls that off. */
export function later(clock: Clock, ms: number, act: () => void): () => void {
  const off = new AbortController();
  clock.sleep(ms, off.signal).then(act, () => {});
  return () => off.abort();
}
