import type { Clock } from "../../core/clock";

/**
 * How long a list may lag behind a create. Source: RunPod's lists have been seen to lag by tens of
 * seconds.
 */
export const LIST_LAG_MS = 60_000;

/** The maximum age of a list for a refresh: short, but long enough for all its resources to share one. */
export const REFRESH_AGE_MS = 5_000;

interface Write<T> {
  /** Undefined: deleted. */
  readonly item: T | undefined;
  readonly created: boolean;
  readonly at: number;
}

/**
 * The account's objects of one kind, from as few lists as possible. Callers give the maximum age
 * that they accept, and share a list that is under way. The process's own writes are included, so
 * that it never sees its own changes lag.
 */
export class Snapshot<T extends { readonly id: string }> {
  #latest: { begunAt: number; items: Promise<readonly T[]> } | undefined;
  readonly #writes = new Map<string, Write<T>>();

  constructor(
    private readonly fetchAll: () => Promise<readonly T[]>,
    private readonly clock: Clock,
  ) {}

  /** Everything there is, from a list begun no more than `maxAgeMs` ago. */
  async list(maxAgeMs = Number.POSITIVE_INFINITY): Promise<readonly T[]> {
    const now = this.clock.monotonic();
    if (this.#latest === undefined || now - this.#latest.begunAt > maxAgeMs) {
      const items = this.fetchAll();
      const entry = { begunAt: now, items };
      this.#latest = entry;
      // A failed list is dropped: the next caller asks again.
      items.catch(() => {
        if (this.#latest === entry) {
          this.#latest = undefined;
        }
      });
    }
    const { begunAt, items } = this.#latest;
    return this.#fold(await items, begunAt);
  }

  /** Adds an object as RunPod just returned it. */
  put(item: T, created = false): void {
    this.#writes.set(item.id, { item, created, at: this.clock.monotonic() });
  }

  /** Records that an object is gone. */
  remove(id: string): void {
    this.#writes.set(id, { item: undefined, created: false, at: this.clock.monotonic() });
  }

  #fold(items: readonly T[], begunAt: number): readonly T[] {
    const byId = new Map(items.map((item) => [item.id, item]));
    for (const [id, write] of this.#writes) {
      const isNewer = write.at >= begunAt;
      const mayLag = begunAt - write.at < LIST_LAG_MS;
      if (write.item === undefined) {
        if (isNewer || mayLag) {
          byId.delete(id);
        }
      } else if (isNewer || (write.created && mayLag && !byId.has(id))) {
        byId.set(id, write.item);
      }
    }
    return [...byId.values()];
  }
}
