/** Calls the listener once the client has the whole answer, or is gone. */
export type OnSent = (listener: () => void) => void;

/** What a server can do at a time. */
export interface Capacity {
  /** More requests wait. @default unlimited */
  sequences?: number;
  /** How many tokens its cache holds; undefined if nothing is known of a cache. */
  cacheTokens?: number;
}

/** The requests whose answers are not yet sent, oldest first. */
export class InFlight {
  /** The tokens of each sequence. */
  private readonly sequences = new Map<symbol, number>();

  constructor(private readonly capacity: Capacity = {}) {}

  /** Counts the sequences of one request. Nobody waits for an answer without `onSent`. */
  begin(onSent: OnSent | undefined, tokens: number, count = 1): void {
    if (onSent === undefined) {
      return;
    }
    const keys = Array.from({ length: count }, () => Symbol());
    for (const key of keys) {
      this.sequences.set(key, tokens);
    }
    onSent(() => {
      for (const key of keys) {
        this.sequences.delete(key);
      }
    });
  }

  get running(): number {
    return Math.min(this.sequences.size, this.most);
  }

  get waiting(): number {
    return this.sequences.size - this.running;
  }

  /** From 0 to 1. */
  get cacheUsage(): number {
    const tokens = [...this.sequences.values()]
      .slice(0, this.most)
      .reduce((sum, count) => sum + count, 0);
    return Math.min(1, tokens / (this.capacity.cacheTokens ?? Number.POSITIVE_INFINITY));
  }

  private get most(): number {
    return this.capacity.sequences ?? Number.POSITIVE_INFINITY;
  }
}
