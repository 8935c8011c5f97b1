/** How fast the emulated machines live; in `instant` a container is ready as soon as it is looked at. */
export type Speed = "real" | "fast" | "instant";

/** Two times: machines, bills and timestamps follow `now`, whoever waits outside follows `wall`. */
export interface Clock {
  /** Virtual milliseconds per real one. */
  readonly pace: number;
  /** Virtual milliseconds since the epoch. */
  now(): number;
  /** Real milliseconds since the epoch, plus what was advanced: for rate limits and lags. */
  wall(): number;
  /** Moves both times forward, unless they would be more than `MAX_AHEAD_S` ahead of the real time. */
  advance(seconds: number): boolean;
}

/** Ten years: a container that crashes every few minutes is still played through within seconds. */
export const MAX_AHEAD_S = 10 * 365 * 86_400;

/** At 40, a 27B model is pulled, downloaded and loaded in some seven seconds. */
const PACE: Record<Speed, number> = { real: 1, fast: 40, instant: 1 };

/** @param startAt the virtual time to begin with, default the real time; never before it. */
export function createClock(speed: Speed, time: () => number, startAt = 0): Clock {
  const begin = time();
  const virtualBegin = Math.max(begin, startAt);
  let advanced = 0;
  const now = () => Math.round(virtualBegin + (time() - begin) * PACE[speed] + advanced);
  return {
    pace: PACE[speed],
    now,
    wall: () => time() + advanced,
    advance(seconds) {
      if (now() + seconds * 1000 > time() + MAX_AHEAD_S * 1000) {
        return false;
      }
      advanced += seconds * 1000;
      return true;
    },
  };
}
