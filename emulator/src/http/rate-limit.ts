/** At most `quota` requests in each fixed window. */
export interface RateLimitWindow {
  quota: number;
  seconds: number;
}

export interface RateLimitState {
  /** The window that refuses this request; null if it may pass. */
  exceeded: { name: string; retryAfter: number } | null;
  /** `RateLimit-Policy` and `RateLimit`. */
  headers: Record<string, string>;
}

/** What the live API allows. */
export const LIVE_RATE_LIMIT: readonly RateLimitWindow[] = [
  { quota: 60, seconds: 60 },
  { quota: 3000, seconds: 3600 },
];

const NAMES: Record<number, string> = { 1: "second", 60: "minute", 3600: "hour", 86400: "day" };

/** Fixed windows per key, counted from the limiter's own start. */
export class RateLimiter {
  private readonly start: number;
  private readonly counts = new Map<string, { index: number; used: number }[]>();

  constructor(
    private readonly windows: readonly RateLimitWindow[],
    private readonly wall: () => number,
  ) {
    this.start = wall();
  }

  /** Counts a request of this key, unless a window is spent. */
  take(key: string): RateLimitState {
    const elapsed = (this.wall() - this.start) / 1000;
    const used = this.usedBy(key, elapsed);
    const spent = this.windows.findIndex(({ quota }, index) => (used[index]?.used ?? 0) >= quota);
    if (spent < 0) {
      for (const count of used) {
        count.used += 1;
      }
    }
    return { exceeded: this.exceeded(spent, elapsed), headers: this.headers(used, elapsed) };
  }

  forget(): void {
    this.counts.clear();
  }

  private usedBy(key: string, elapsed: number): { index: number; used: number }[] {
    const before = this.counts.get(key);
    const now = this.windows.map(({ seconds }, position) => {
      const index = Math.floor(elapsed / seconds);
      const known = before?.[position];
      return known?.index === index ? known : { index, used: 0 };
    });
    this.counts.set(key, now);
    return now;
  }

  /** Retry-After speaks of one window only, even if several are spent. */
  private exceeded(position: number, elapsed: number): RateLimitState["exceeded"] {
    const window = this.windows[position];
    return window ? { name: nameOf(window), retryAfter: untilReset(window, elapsed) } : null;
  }

  private headers(used: readonly { used: number }[], elapsed: number): Record<string, string> {
    const policy = this.windows.map((one) => `"${nameOf(one)}";q=${one.quota};w=${one.seconds}`);
    const state = this.windows.map((one, index) => {
      const left = one.quota - (used[index]?.used ?? 0);
      return `"${nameOf(one)}";r=${left};t=${untilReset(one, elapsed)}`;
    });
    return { "RateLimit-Policy": policy.join(", "), RateLimit: state.join(", ") };
  }
}

/** Reads `60/60,3000/3600` (requests/seconds) or `off`; null for no limit. */
export function parseRateLimit(text: string): RateLimitWindow[] | null {
  if (text === "off") {
    return null;
  }
  return text.split(",").map((part) => {
    const [, quota, seconds] = /^\s*([1-9]\d*)\/([1-9]\d*)\s*$/.exec(part) ?? [];
    if (!quota || !seconds) {
      throw new Error('It must be requests/seconds, as in "60/60,3000/3600", or "off".');
    }
    return { quota: Number(quota), seconds: Number(seconds) };
  });
}

function nameOf({ seconds }: RateLimitWindow): string {
  return NAMES[seconds] ?? `${seconds}s`;
}

/** Whole seconds, so that who waits that long is never too early. */
function untilReset({ seconds }: RateLimitWindow, elapsed: number): number {
  return Math.ceil(seconds - (elapsed % seconds));
}
