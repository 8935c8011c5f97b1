import type { Clock } from "../../provider/src/core/clock";

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  /** The requested duration of each sleep so far, in milliseconds. */
  readonly slept: number[] = [];
  #monotonic = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** @param start the wall clock at the beginning, in milliseconds since 1970 */
  constructor(private readonly start = Date.UTC(2026, 10, 23)) {}

  now(): number {
    return this.start + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** How many sleeps are under way. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    if (ms <= 0) {
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.#monotonic + ms, wake: resolve };
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      if (signal?.aborted) {
        return stop();
      }
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  /** Moves forward, waking sleepers in order, and lets each continue before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#monotonic = Math.max(this.#monotonic, next.until);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#monotonic = end;
    await settle();
  }

  #next(end: number): Sleeper | undefined {
    const due = [...this.#sleepers].filter(({ until }) => until <= end);
    return due.sort((a, b) => a.until - b.until)[0];
  }
}

/** Lets everything that can run without time passing run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
