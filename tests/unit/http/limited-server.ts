import type { ManualClock } from "../../support/manual-clock";

interface Window {
  readonly name: string;
  readonly quota: number;
  readonly seconds: number;
}

export interface Seen {
  readonly name: string;
  /** When it reached the server, in milliseconds of the clock. */
  readonly at: number;
  readonly status: number;
}

/** A server with fixed windows, counted from the start of a test's clock. */
export class LimitedServer {
  readonly seen: Seen[] = [];
  /** How long a call takes to get there, and its answer to get back. */
  latency: () => number = () => 50;
  readonly #used = new Map<string, number>();

  constructor(
    private readonly clock: ManualClock,
    private readonly windows: readonly Window[],
  ) {}

  /** What others do with the account. */
  spend(calls: number): void {
    for (let count = 0; count < calls; count++) {
      this.#count();
    }
  }

  async call(name: string) {
    await this.clock.sleep(this.latency());
    const refusing = this.#count();
    const status = refusing === undefined ? 200 : 429;
    this.seen.push({ name, at: this.clock.monotonic(), status });
    const headers = {
      "ratelimit-policy": this.windows
        .map(({ name: window, quota, seconds }) => `"${window}";q=${quota};w=${seconds}`)
        .join(", "),
      ratelimit: this.windows
        .map((window) => `"${window.name}";r=${this.#left(window)};t=${this.#untilReset(window)}`)
        .join(", "),
      ...(refusing && { "retry-after": String(this.#untilReset(refusing)) }),
    };
    await this.clock.sleep(this.latency());
    return { status, headers };
  }

  /** How many calls reached it in each window of a length in seconds. */
  perWindow(seconds: number): number[] {
    const counts: number[] = [];
    for (const { at } of this.seen) {
      const index = Math.floor(at / 1_000 / seconds);
      while (counts.length <= index) {
        counts.push(0);
      }
      counts[index] = (counts[index] ?? 0) + 1;
    }
    return counts;
  }

  #count(): Window | undefined {
    const refusing = this.windows.find((window) => this.#left(window) <= 0);
    if (refusing !== undefined) {
      return refusing;
    }
    for (const window of this.windows) {
      this.#used.set(this.#key(window), (this.#used.get(this.#key(window)) ?? 0) + 1);
    }
    return undefined;
  }

  #left(window: Window): number {
    return window.quota - (this.#used.get(this.#key(window)) ?? 0);
  }

  #key({ name, seconds }: Window): string {
    return `${name} ${Math.floor(this.clock.monotonic() / 1_000 / seconds)}`;
  }

  #untilReset({ seconds }: Window): number {
    return Math.ceil(seconds - ((this.clock.monotonic() / 1_000) % seconds));
  }
}
